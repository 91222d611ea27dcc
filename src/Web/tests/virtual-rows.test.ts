import { expect, test } from "vitest";
import { scrollHeightMax, scrollTopFor, virtualRows } from "../src/model/virtual-rows";
import { forSeeds } from "./random";

const rowHeight = 26;

test("a list that fits is rendered whole", () => expect(virtualRows(10, rowHeight, 500, 0)).toMatchObject({ first: 0, end: 10, top: 0, scrollHeight: 260 }));

test("no row is rendered for an empty list", () => expect(virtualRows(0, rowHeight, 500, 0)).toMatchObject({ first: 0, end: 0 }));

test("at any position, the rows in view are rendered, and few others", () =>
  forSeeds(1000, (random) => {
    const count = random.pick([1, 30, 1000, 20_000, 1_000_000]);
    const viewHeight = 100 + random.below(1500);
    const scrollable = Math.max(0, Math.min(count * rowHeight, scrollHeightMax) - viewHeight);
    const scrollTop = random.pick([0, scrollable, random.below(scrollable + 1)]);
    const rows = virtualRows(count, rowHeight, viewHeight, scrollTop);
    expect(rows.end - rows.first).toBeLessThanOrEqual(viewHeight / rowHeight + 15);
    // The first rendered row starts at or above the view, the last one ends at or below it, unless the list ends there.
    expect(rows.top <= scrollTop + 1e-6 || rows.first === 0).toBe(true);
    expect(rows.top + (rows.end - rows.first) * rowHeight >= scrollTop + viewHeight - 1e-6 || rows.end === count).toBe(true);
  }));

test("the last row of a million is reached at the end of the scroll bar", () => {
  const rows = virtualRows(1_000_000, rowHeight, 800, scrollHeightMax - 800);
  expect(rows.end).toBe(1_000_000);
  expect(rows.top + (rows.end - rows.first) * rowHeight).toBeCloseTo(scrollHeightMax, 3);
});

test("after scrolling to a row it is in view, and a row in view is not scrolled to", () =>
  forSeeds(1000, (random) => {
    const count = random.pick([1, 40, 20_000, 1_000_000]);
    const viewHeight = 200 + random.below(1000);
    const scrollTop = random.below(Math.max(1, Math.min(count * rowHeight, scrollHeightMax) - viewHeight));
    const row = random.below(count);
    const wanted = scrollTopFor(row, count, rowHeight, viewHeight, scrollTop);
    const rows = virtualRows(count, rowHeight, viewHeight, wanted);
    const top = rows.top + (row - rows.first) * rowHeight;
    expect(top).toBeGreaterThanOrEqual(Math.max(0, wanted) - 0.01);
    expect(top + rowHeight).toBeLessThanOrEqual(Math.max(0, wanted) + viewHeight + 0.01);
    expect(scrollTopFor(row, count, rowHeight, viewHeight, wanted)).toBeCloseTo(wanted, 3);
  }));
