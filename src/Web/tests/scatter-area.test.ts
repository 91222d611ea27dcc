import { expect, test } from "vitest";
import type { TraceSummary } from "../src/api/clew-api";
import { isInside, placeOf, timesOf, type ScatterArea } from "../src/model/scatter-area";

const at = (startNanos: bigint, durationNanos: number) => placeOf({ startTimeUnixNano: startNanos.toString(), durationNanos: durationNanos.toString() } as TraceSummary);
const millis = 1_700_000_000_000;
const nanos = 1_700_000_000_000_000_000n;
const area: ScatterArea = { fromMillis: millis, toMillis: millis + 10.4, latencies: { least: 1000, most: 2000 } };

test.each([
  [at(nanos, 1000), true],
  [at(nanos + 10_000_000n, 2000), true],
  [at(nanos - 1n, 1500), false],
  [at(nanos + 11_000_000n, 1500), false],
  [at(nanos, 999), false],
  [at(nanos, 2001), false],
  [at(0n, 1500), false],
])("the place %j lies inside: %s", (place, inside) => expect(isInside(area, place)).toBe(inside));

test("an area without latencies is as high as the scatter", () => expect(isInside({ fromMillis: millis, toMillis: millis + 1 }, at(nanos, 1e18))).toBe(true));

test("a search for the times of an area leaves out nothing that starts in it", () => {
  const last = nanos + 10_999_999n;
  expect(isInside(area, at(last, 1500))).toBe(true);
  expect(timesOf(area)).toEqual({ kind: "between", start: nanos, end: nanos + 11_000_000n });
});
