/**
 * Round positions for the marks of a time axis: steps of 1, 2 or 5 times a power of ten nanoseconds up to a minute, then
 * of whole minutes, hours and days.
 * @returns at most `countMax` + 1 positions inside [from, to], ascending.
 */
export function ticks(from: number, to: number, countMax: number): number[] {
  if (!(to > from) || countMax < 1) return [];
  const step = roundStep((to - from) / countMax);
  const result: number[] = [];
  for (let index = Math.ceil(from / step); index * step <= to; index++) result.push(index * step);
  return result;
}

const minuteNanos = 60e9;
const longSteps = [1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1440].map((minutes) => minutes * minuteNanos);

function roundStep(atLeast: number): number {
  if (atLeast > 30e9) return longSteps.find((step) => step >= atLeast) ?? 1440 * minuteNanos * decimalStep(atLeast / (1440 * minuteNanos));
  if (atLeast > 10e9) return atLeast <= 15e9 ? 15e9 : 30e9;
  return Math.max(1, decimalStep(atLeast));
}

function decimalStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  for (const factor of [1, 2, 5]) if (factor * power >= atLeast * (1 - 1e-9)) return factor * power;
  return 10 * power;
}
