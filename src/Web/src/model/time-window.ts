/** The part of a trace that is on screen, as offsets in nanoseconds from the start of the trace. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** Closer than this there is nothing to see: clocks do not tell a nanosecond apart. */
const widthMin = 100;

export function wholeWindow(durationNanos: number): TimeWindow {
  return { from: 0, to: Math.max(durationNanos, 1) };
}

export function isWhole(window: TimeWindow, durationNanos: number): boolean {
  return window.from <= 0 && window.to >= durationNanos;
}

/** The window between two offsets in either order, inside the trace and no narrower than makes sense. */
export function windowBetween(one: number, other: number, durationNanos: number): TimeWindow {
  const whole = wholeWindow(durationNanos);
  const from = Math.max(0, Math.min(one, other));
  const to = Math.min(whole.to, Math.max(one, other));
  return fit(from, Math.max(to - from, Math.min(widthMin, whole.to)), whole.to);
}

/** Narrows (factor < 1) or widens the window so that the time under the pointer stays there. */
export function zoomAround(window: TimeWindow, at: number, factor: number, durationNanos: number): TimeWindow {
  const whole = wholeWindow(durationNanos);
  const width = Math.min(whole.to, Math.max((window.to - window.from) * factor, Math.min(widthMin, whole.to)));
  const share = (at - window.from) / (window.to - window.from);
  return fit(at - share * width, width, whole.to);
}

export function pan(window: TimeWindow, by: number, durationNanos: number): TimeWindow {
  return fit(window.from + by, window.to - window.from, wholeWindow(durationNanos).to);
}

function fit(from: number, width: number, end: number): TimeWindow {
  const start = Math.min(Math.max(0, from), Math.max(0, end - width));
  return { from: start, to: start + width };
}

/** Where an offset lies in the window: 0 at its left edge, 1 at its right. */
export function shareOf(window: TimeWindow, offset: number): number {
  return (offset - window.from) / (window.to - window.from);
}
