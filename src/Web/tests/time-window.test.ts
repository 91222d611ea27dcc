import { expect, test } from "vitest";
import { isWhole, pan, shareOf, wholeWindow, windowBetween, zoomAround } from "../src/model/time-window";
import { forSeeds } from "./random";

const duration = 1_000_000;

test("any sequence of zooming and moving stays inside the trace", () =>
  forSeeds(300, (random) => {
    const total = random.pick([0, 1, 50, duration, 1e15]);
    let window = wholeWindow(total);
    for (let step = 0; step < 30; step++) {
      const at = window.from + (random.below(1001) / 1000) * (window.to - window.from);
      window = random.pick([
        () => zoomAround(window, at, random.pick([0.1, 0.5, 2, 30]), total),
        () => pan(window, (random.below(2001) - 1000) * (total / 500), total),
        () => windowBetween(at, random.below(1000) * (total / 1000), total),
      ])();
      expect(window.from).toBeGreaterThanOrEqual(0);
      expect(window.to).toBeLessThanOrEqual(Math.max(total, 1) * (1 + 1e-9));
      expect(window.to).toBeGreaterThan(window.from);
    }
  }));

test("zooming keeps the time under the pointer in place", () => {
  const before = { from: 200_000, to: 600_000 };
  const after = zoomAround(before, 300_000, 0.5, duration);
  expect(shareOf(after, 300_000)).toBeCloseTo(shareOf(before, 300_000));
  expect(after.to - after.from).toBeCloseTo(200_000);
});

test("zooming out far enough shows the whole trace", () => expect(isWhole(zoomAround({ from: 10, to: 500 }, 100, 1e9, duration), duration)).toBe(true));

test("a window may be drawn from right to left", () => expect(windowBetween(800, 300, duration)).toEqual({ from: 300, to: 800 }));
