import { expect, test } from "vitest";
import { formatMark } from "../src/base/calendar";
import { formatDuration } from "../src/base/nanos";
import { ticks } from "../src/base/ticks";
import { latencyScale, timeScale } from "../src/model/scatter-scale";
import { forSeeds } from "./random";

test.each([
  [0, 728e6, 8, 100e6, 8],
  [0, 20e9, 5, 5e9, 5],
  [0, 90e9, 3, 30e9, 4],
  [0, 7200e9, 4, 1800e9, 5],
])("from %d to %d, at most %d steps: every %d, %d marks", (from, to, countMax, step, count) => {
  const marks = ticks(from, to, countMax);
  expect(marks.length).toBe(count);
  expect(marks[1] - marks[0]).toBe(step);
});

test("marks lie inside, ascend evenly and are not more than asked for", () =>
  forSeeds(1000, (random) => {
    const from = random.below(1e9) * random.below(1000);
    const to = from + (1 + random.below(1e9)) * 10 ** random.below(7);
    const countMax = 2 + random.below(12);
    const marks = ticks(from, to, countMax);
    expect(marks.length).toBeLessThanOrEqual(countMax + 1);
    for (const mark of marks) expect(mark >= from && mark <= to).toBe(true);
    for (let index = 2; index < marks.length; index++) expect(marks[index] - marks[index - 1]).toBeCloseTo(marks[1] - marks[0], 3);
  }));

test("an empty or reversed range has no marks", () => {
  expect(ticks(5, 5, 4)).toEqual([]);
  expect(ticks(5, 1, 4)).toEqual([]);
});

test("latencies map to pixels and back, slower higher, all inside", () =>
  forSeeds(300, (random) => {
    const values = Array.from({ length: 1 + random.below(20) }, () => random.below(1e9) * 10 ** random.below(4));
    const scale = latencyScale(values, 150);
    for (const value of values) {
      expect(scale.toPixel(value)).toBeGreaterThanOrEqual(0);
      expect(scale.toPixel(value)).toBeLessThanOrEqual(150);
      if (value >= 1) expect(scale.toNanos(scale.toPixel(value)) / value).toBeCloseTo(1, 6);
    }
    expect(scale.ticks.length).toBeGreaterThan(0);
    expect(scale.ticks.length).toBeLessThanOrEqual(12);
  }));

test.each([
  [[1e6, 9e6], ["1 ms", "2 ms", "5 ms", "10 ms"]],
  [[1e5, 9e9], ["100 µs", "1 ms", "10 ms", "100 ms", "1 s", "10 s"]],
  [[1e9, 7e12], ["1 s", "10 s", "1 m", "10 m", "1 h"]],
  [[1, 1e18], ["1 ns", "1 µs", "1 ms", "1 s", "10 m", "1 d", "1000 d"]],
])("latencies from and to %o have marks at %o", (values, marks) => {
  const read = latencyScale(values, 150).ticks.map((nanos) => formatDuration(BigInt(Math.round(nanos))));
  expect(read.slice(0, marks.length)).toEqual(marks);
});

test("a mark of the time axis says no more than tells it from its neighbours", () => {
  const at = new Date(2026, 10, 21, 14, 5, 30, 250).getTime();
  const [second, minute, day] = [1000, 60_000, 86_400_000];
  expect(formatMark(at, 100, second)).toBe("14:05:30.250");
  expect(formatMark(at, second, minute)).toBe("14:05:30");
  expect(formatMark(at, 5 * minute, 60 * minute)).toBe("14:05");
  expect(formatMark(at, 360 * minute, 2 * day)).toBe("11-21 14:05");
  expect(formatMark(at, day, 7 * day)).toBe("11-21");
  expect(formatMark(at, 200 * day, 900 * day)).toBe("2026-11-21");
});

test("a single result lies in the middle of the time axis", () => expect(timeScale([1_700_000_000_000], 600, 0).toPixel(1_700_000_000_000)).toBeCloseTo(300));

test("marks of the time axis are round on the reader's clock", () => {
  const india = -330;
  const hour = 3_600_000;
  for (const mark of timeScale([0, 12 * hour], 600, india).ticks) expect((mark - india * 60_000) % hour).toBe(0);
});
