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

/** Powers of ten, and where those are few also their double and fivefold. */
function latencyTicks(low: number, high: number): number[] {
  const factors = high - low > 2.5 ? [1] : [1, 2, 5];
  const result: number[] = [];
  for (let power = Math.floor(low); power <= high; power++)
    for (const factor of factors) {
      const position = power + Math.log10(factor);
      if (position >= low && position <= high) result.push(factor * 10 ** power);
    }
  return result;
}

/** Maps times, in milliseconds since the epoch, to pixels, with marks at round times of the reader's clock. */
export interface TimeScale {
  toPixel(epochMillis: number): number;
  toEpochMillis(pixel: number): number;
  readonly ticks: readonly number[];
}

export function timeScale(epochMillis: readonly number[], width: number, offsetMinutes: number): TimeScale {
  const first = epochMillis.reduce((low, value) => Math.min(low, value), Infinity);
  const last = epochMillis.reduce((high, value) => Math.max(high, value), -Infinity);
  const span = Math.max(1000, last - first);
  const from = (first + last - span) / 2 - span * 0.03;
  const to = (first + last + span) / 2 + span * 0.03;
  // The marks are round on the wall clock: 14:00, not an hour boundary of UTC in a zone half an hour off.
  const shift = offsetMinutes * 60_000;
  return {
    toPixel: (value) => ((value - from) / (to - from)) * width,
    toEpochMillis: (pixel) => from + (pixel / width) * (to - from),
    ticks: ticks((from - shift) * 1e6, (to - shift) * 1e6, Math.max(2, width / 130)).map((nanos) => nanos / 1e6 + shift),
  };
}
