import { expect, test } from "vitest";
import { Outline } from "../src/model/outline";
import { assemble, span } from "./traces";
import { forSeeds } from "./random";

const tree = () => assemble(span("a", "", 0, 9), span("b", "a", 1, 5), span("c", "b", 2, 3), span("d", "b", 3, 4), span("e", "a", 6, 8), span("f", "", 9, 9));

test("collapsing a span hides exactly its descendants", () => {
  const outline = Outline.open(tree()).collapse(1);
  expect([...outline.visible]).toEqual([0, 1, 4, 5]);
  expect([...outline.expand(1).visible]).toEqual([0, 1, 2, 3, 4, 5]);
});

test("a span inside a collapsed one keeps its own state", () => {
  const outline = Outline.open(tree()).collapse(1).collapse(0);
  expect([...outline.visible]).toEqual([0, 5]);
  expect([...outline.expand(0).visible]).toEqual([0, 1, 4, 5]);
});

test("a leaf cannot be collapsed", () => {
  const outline = Outline.open(tree());
  expect(outline.collapse(2)).toBe(outline);
});

test("collapsing to a depth shows that many levels", () => {
  const outline = Outline.open(tree());
  expect([...outline.collapseTo(0).visible]).toEqual([0, 5]);
  expect([...outline.collapseTo(1).visible]).toEqual([0, 1, 4, 5]);
  expect([...outline.collapseTo(2).visible]).toEqual([0, 1, 2, 3, 4, 5]);
});

test("revealing a span opens its ancestors and nothing else", () => {
  const outline = Outline.open(tree()).collapseTo(0).reveal(2);
  expect([...outline.visible]).toEqual([0, 1, 2, 3, 4, 5]);
  expect(Outline.open(tree()).collapse(1).collapse(0).reveal(4).isCollapsed(1)).toBe(true);
});

test("a hidden span's position is that of the collapsed span that hides it", () => {
  const outline = Outline.open(tree()).collapse(1);
  expect(outline.positionOf(3)).toBe(1);
  expect(outline.positionOf(4)).toBe(2);
});

test("a row is visible exactly when no ancestor is collapsed", () =>
  forSeeds(200, (random) => {
    const trace = assemble(...Array.from({ length: 40 }, (_, index) => span((index + 1).toString(16), index === 0 ? "" : (1 + random.below(index)).toString(16), index, 60)));
    let outline = Outline.open(trace);
    for (let step = 0; step < 12; step++) outline = outline.toggle(random.below(40));
    const hidden = (row: number): boolean => trace.parent[row] >= 0 && (outline.isCollapsed(trace.parent[row]) || hidden(trace.parent[row]));
    expect([...outline.visible]).toEqual(Array.from({ length: 40 }, (_, row) => row).filter((row) => !hidden(row)));
    outline.visible.forEach((row, position) => expect(outline.positionOf(row)).toBe(position));
  }));
