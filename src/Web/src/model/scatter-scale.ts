import { ticks } from "../base/ticks";

/** Maps latencies to pixels, logarithmically: tail and median are both readable. Pixels grow downwards. */
export interface LatencyScale {
  toPixel(nanos: number): number;
  toNanos(pixel: number): number;
  readonly ticks: readonly number[];
}

export function latencyScale(nanos: readonly number[], height: number): LatencyScale {
  const least = nanos.reduce((low, value) => Math.min(low, value), Infinity);
  const most = nanos.reduce((high, value) => Math.max(high, value), 1);
  const low = Math.log10(Math.max(1, least === Infinity ? 1 : least)) - 0.12;
  const high = Math.max(Math.log10(Math.max(1, most)) + 0.12, low + 0.5);
  return {
    toPixel: (value) => height - ((Math.log10(Math.max(1, value)) - low) / (high - low)) * height,
    toNanos: (pixel) => 10 ** (low + ((height - pixel) / height) * (high - low)),
    ticks: latencyTicks(low, high),
  };
}

const minute = 60e9;
const hour = 60 * minute;
const day = 24 * hour;
/** Latencies that read as round: powers of ten up to ten seconds, then what a clock calls round. */
const roundLatencies = [...Array.from({ length: 11 }, (_, power) => 10 ** power), minute, 10 * minute, hour, 10 * hour, day, 10 * day, 100 * day, 1000 * day, 10_000 * day, 100_000 * day];
const latencyTicksMax = 7;

/** Round latencies between two powers of ten; where those are few, also their double and fivefold, where they are many, every second or third. */
function latencyTicks(low: number, high: number): number[] {
  const inside = (nanos: number) => Math.log10(nanos) >= low && Math.log10(nanos) <= high;
  const round = roundLatencies.filter(inside);
  if (round.length < 3) return roundLatencies.flatMap((nanos) => (nanos < minute ? [nanos, 2 * nanos, 5 * nanos] : [nanos, 2 * nanos, 4 * nanos])).filter(inside);
  const every = Math.ceil(round.length / latencyTicksMax);
  return round.filter((_, index) => index % every === 0);
}

/** Maps times, in milliseconds since the epoch, to pixels, with marks at round times of the reader's clock. */
export interface TimeScale {
  toPixel(epochMillis: number): number;
  toEpochMillis(pixel: number): number;
  readonly ticks: readonly number[];
  /** Between two marks, in milliseconds, and across all of them. */
  readonly stepMillis: number;
  readonly spanMillis: number;
}

export function timeScale(epochMillis: readonly number[], width: number, offsetMinutes: number): TimeScale {
  const first = epochMillis.reduce((low, value) => Math.min(low, value), Infinity);
  const last = epochMillis.reduce((high, value) => Math.max(high, value), -Infinity);
  const span = Math.max(1000, last - first);
  const from = (first + last - span) / 2 - span * 0.03;
  const to = (first + last + span) / 2 + span * 0.03;
  // The marks are round on the wall clock: 14:00, not an hour boundary of UTC in a zone half an hour off.
  const shift = offsetMinutes * 60_000;
  const marks = ticks((from - shift) * 1e6, (to - shift) * 1e6, Math.max(2, width / 130)).map((nanos) => nanos / 1e6 + shift);
  return {
    toPixel: (value) => ((value - from) / (to - from)) * width,
    toEpochMillis: (pixel) => from + (pixel / width) * (to - from),
    ticks: marks,
    stepMillis: marks.length > 1 ? marks[1] - marks[0] : to - from,
    spanMillis: to - from,
  };
}
