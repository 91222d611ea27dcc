import { expect, test } from "vitest";
import { formatDuration, parseDuration, readNanos } from "../src/base/nanos";
import { forSeeds } from "./random";

test.each([
  [0n, "0 ns"],
  [999n, "999 ns"],
  [1_000n, "1 µs"],
  [1_234n, "1.23 µs"],
  [12_345n, "12.3 µs"],
  [999_499n, "999 µs"],
  [999_500n, "1 ms"],
  [123_456_789n, "123 ms"],
  [1_500_000_000n, "1.5 s"],
  [59_949_999_999n, "59.9 s"],
  [59_950_000_000n, "1 m"],
  [125_000_000_000n, "2 m 5 s"],
  [3_600_000_000_000n, "1 h"],
  [93_600_000_000_000n, "1 d 2 h"],
  [-1_200_000n, "−1.2 ms"],
])("%d nanoseconds read %s", (nanos, text) => expect(formatDuration(nanos)).toBe(text));

test("a time beyond the precision of a double is read exactly", () => {
  expect(readNanos("1700000000123456789")).toBe(1_700_000_000_123_456_789n);
  expect(readNanos("18446744073709551615")).toBe(2n ** 64n - 1n);
});

test.each([undefined, "", "-5", "1.5", "abc", 1e30])("the time %s reads as unknown", (text) => expect(readNanos(text as string)).toBe(0n));

test.each([
  ["100ms", 100_000_000n],
  ["1.2s", 1_200_000_000n],
  ["500us", 500_000n],
  ["500µs", 500_000n],
  ["1m30s", 90_000_000_000n],
  [" 2 h ", 7_200_000_000_000n],
  ["0.000000001s", 1n],
])("the duration %s is %d nanoseconds", (text, nanos) => expect(parseDuration(text)).toEqual({ ok: true, value: nanos }));

test.each([
  ["100", "has no unit"],
  ["fast", "is not a duration"],
  ["1.s", "is not a duration"],
  ["-1s", "is not a duration"],
  ["1d", "is not a duration"],
  ["", "is not a duration"],
])("the duration %s is refused: %s", (text, reason) => expect(parseDuration(text)).toMatchObject({ ok: false, problem: expect.stringContaining(reason) }));

test("a longer duration never reads as a shorter one", () =>
  forSeeds(2000, (random) => {
    const [low, high] = [random.below(2 ** 31) * random.below(4096), random.below(4096)];
    const [shorter, longer] = [BigInt(low), BigInt(low + high)];
    expect(sizeOf(formatDuration(longer))).toBeGreaterThanOrEqual(sizeOf(formatDuration(shorter)));
  }));

function sizeOf(text: string): bigint {
  const read = parseDuration(text);
  if (!read.ok) throw new Error(read.problem);
  return read.value;
}
