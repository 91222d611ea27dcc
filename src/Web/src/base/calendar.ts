import { fromEpochMillis, toEpochMillis, type Nanos } from "./nanos";

/** A moment on the reader's own clock, to the millisecond: `2026-11-21 14:03:09.120`. */
export function formatMoment(unixNanos: Nanos): string {
  const date = new Date(toEpochMillis(unixNanos));
  return `${formatDay(date)} ${formatTime(date)}.${date.getMilliseconds().toString().padStart(3, "0")}`;
}

/** A moment as short as its distance from now allows: the time today, the day and the time before that. */
export function formatMomentBriefly(unixNanos: Nanos, nowMillis: number): string {
  const date = new Date(toEpochMillis(unixNanos));
  return formatDay(date) === formatDay(new Date(nowMillis)) ? formatTime(date) : `${formatDay(date)} ${formatTime(date)}`;
}

/** How long ago: `just now`, `12 s ago`, `3 h ago`, `in 5 s`. */
export function formatAge(unixNanos: Nanos, nowMillis: number): string {
  const seconds = Math.round((nowMillis - toEpochMillis(unixNanos)) / 1000);
  const size = Math.abs(seconds);
  if (size < 2) return "just now";
  const text = size < 60 ? `${size} s` : size < 3600 ? `${Math.floor(size / 60)} min`
    : size < 86_400 ? `${Math.floor(size / 3600)} h` : `${Math.floor(size / 86_400)} d`;
  return seconds < 0 ? `in ${text}` : `${text} ago`;
}

/** The value of an `<input type="datetime-local" step="1">`, which knows no time zone and means the reader's. */
export function toLocalInput(unixNanos: Nanos): string {
  const date = new Date(toEpochMillis(unixNanos));
  return `${formatDay(date)}T${formatTime(date)}`;
}

export function fromLocalInput(text: string): Nanos | undefined {
  const millis = new Date(text).getTime();
  return Number.isNaN(millis) ? undefined : fromEpochMillis(millis);
}

function formatDay(date: Date): string {
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
}

/** The mark of a time axis: no more than tells it from its neighbours. */
export function formatMark(epochMillis: number, stepMillis: number, spanMillis: number): string {
  const date = new Date(epochMillis);
  const dayMillis = 86_400_000;
  if (stepMillis >= dayMillis) return spanMillis < 300 * dayMillis ? formatDay(date).slice(5) : formatDay(date);
  const time = stepMillis >= 60_000 ? formatTime(date).slice(0, 5) : stepMillis >= 1000 ? formatTime(date) : `${formatTime(date)}.${date.getMilliseconds().toString().padStart(3, "0")}`;
  return spanMillis > dayMillis ? `${formatDay(date).slice(5)} ${time}` : time;
}

function formatTime(date: Date): string {
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}:${twoDigits(date.getSeconds())}`;
}

function twoDigits(value: number): string {
  return value.toString().padStart(2, "0");
}
