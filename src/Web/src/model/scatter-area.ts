import type { TraceSummary } from "../api/clew-api";
import { formatMark } from "../base/calendar";
import { formatDuration, fromEpochMillis, readNanos, toEpochMillis } from "../base/nanos";
import type { TimeRange } from "./search-query";

/** A trace's place in the scatter: when it starts, in milliseconds since the epoch, and how long it takes. */
export interface ScatterPlace {
  readonly epochMillis: number;
  readonly nanos: number;
}

/** A rectangle of the scatter, its edges included. Without latencies it is as high as the scatter. */
export interface ScatterArea {
  readonly fromMillis: number;
  readonly toMillis: number;
  readonly latencies?: { readonly least: number; readonly most: number };
}

export function placeOf(trace: TraceSummary): ScatterPlace {
  return { epochMillis: toEpochMillis(readNanos(trace.startTimeUnixNano)), nanos: Number(trace.durationNanos) };
}

export function isInside({ fromMillis, toMillis, latencies }: ScatterArea, { epochMillis, nanos }: ScatterPlace): boolean {
  return epochMillis >= fromMillis && epochMillis <= toMillis && (!latencies || (nanos >= latencies.least && nanos <= latencies.most));
}

/** The area in words: `14:03:09 to 14:03:12, 1.2 ms to 80 ms`. */
export function describeArea({ fromMillis, toMillis, latencies }: ScatterArea): string {
  const span = toMillis - fromMillis;
  const times = [fromMillis, toMillis].map((millis) => formatMark(millis, span / 10, span)).join(" to ");
  const lengths = latencies && [latencies.least, latencies.most].map((nanos) => formatDuration(BigInt(Math.round(nanos)))).join(" to ");
  return lengths ? `${times}, ${lengths}` : times;
}

/** The times of the area, whole milliseconds, so that a search for them finds at least what starts in it. */
export function timesOf({ fromMillis, toMillis }: ScatterArea): TimeRange {
  return { kind: "between", start: fromEpochMillis(Math.floor(fromMillis)), end: fromEpochMillis(Math.floor(toMillis) + 1) };
}
