import { parsed, problem, type Parsed } from "./parsed";

/** Nanoseconds: a duration, or a time since the Unix epoch. A double cannot hold the latter exactly, so neither is ever one. */
export type Nanos = bigint;

export const microsecond = 1_000n;
export const millisecond = 1_000_000n;
export const second = 1_000_000_000n;
export const minute = 60n * second;
export const hour = 60n * minute;
export const day = 24n * hour;

const unitOfSuffix: Readonly<Record<string, Nanos>> = {
  ns: 1n, us: microsecond, µs: microsecond, μs: microsecond, ms: millisecond, s: second, m: minute, h: hour,
};

/** Reads the decimal number of OTLP JSON, where 64-bit integers are strings. Absent or unreadable is 0, OTLP's "unknown". */
export function readNanos(text: string | number | undefined): Nanos {
  if (typeof text === "string") return /^\d{1,20}$/.test(text) ? BigInt(text) : 0n;
  return typeof text === "number" && Number.isSafeInteger(text) && text >= 0 ? BigInt(text) : 0n;
}

/** Reads what people type for a duration, in the units that the server takes: `100ms`, `1.2s`, `500us`, `1m30s`. */
export function parseDuration(text: string): Parsed<Nanos> {
  const compact = text.replace(/\s+/g, "");
  const example = "write for example 100ms, 1.2s or 500us";
  if (/^\d+(\.\d+)?$/.test(compact)) return problem(`“${text.trim()}” has no unit: ${example}.`);
  if (!/^(\d+(\.\d+)?(ns|us|µs|μs|ms|s|m|h))+$/.test(compact)) return problem(`“${text.trim()}” is not a duration: ${example}.`);
  let total = 0n;
  for (const [, whole, , fraction = "", unit] of compact.matchAll(/(\d+)(\.(\d+))?(ns|us|µs|μs|ms|s|m|h)/g)) {
    const scale = unitOfSuffix[unit];
    total += BigInt(whole) * scale + (BigInt(fraction || "0") * scale) / 10n ** BigInt(fraction.length);
  }
  return parsed(total);
}

/** Three significant digits and a unit up to a minute; two whole units beyond: `850 ns`, `12.3 ms`, `2 m 5 s`. */
export function formatDuration(nanos: Nanos): string {
  if (nanos < 0n) return `−${formatDuration(-nanos)}`;
  if (nanos < microsecond) return `${nanos} ns`;
  // The bounds are where three digits would round up to the next unit: 999.95 µs is 1 ms.
  if (nanos < 999_500n) return `${threeDigits(nanos, microsecond)} µs`;
  if (nanos < 999_500_000n) return `${threeDigits(nanos, millisecond)} ms`;
  if (nanos < 59_950_000_000n) return `${threeDigits(nanos, second)} s`;
  if (nanos < hour) return twoUnits(nanos, minute, "m", second, "s");
  if (nanos < day) return twoUnits(nanos, hour, "h", minute, "m");
  return twoUnits(nanos, day, "d", hour, "h");
}

function threeDigits(nanos: Nanos, unit: Nanos): string {
  const digits = nanos < 10n * unit ? 2 : nanos < 100n * unit ? 1 : 0;
  const scale = 10n ** BigInt(digits);
  const scaled = (nanos * scale + unit / 2n) / unit;
  const whole = scaled / scale;
  const fraction = (scaled % scale).toString().padStart(digits, "0").replace(/0+$/, "");
  return digits === 0 || fraction === "" ? whole.toString() : `${whole}.${fraction}`;
}

function twoUnits(nanos: Nanos, large: Nanos, largeName: string, small: Nanos, smallName: string): string {
  const smalls = (nanos + small / 2n) / small;
  const perLarge = large / small;
  const rest = smalls % perLarge;
  return rest === 0n ? `${smalls / perLarge} ${largeName}` : `${smalls / perLarge} ${largeName} ${rest} ${smallName}`;
}

/** Milliseconds since the epoch, for the calendar functions of the platform. */
export function toEpochMillis(unixNanos: Nanos): number {
  return Number(unixNanos / millisecond);
}

export function fromEpochMillis(millis: number): Nanos {
  return BigInt(Math.round(millis)) * millisecond;
}
