import { day, parseDuration, type Nanos } from "../base/nanos";
import { formatTags, type Tag } from "./tags";

/**
 * Links of Jaeger's UI lead to the same search here: `/search?service=…&tags={"error":"true"}&start=…&end=…&lookback=1h`.
 * Their tags are a JSON object, or `tag=key:value`; their times are microseconds.
 */
export function jaegerTags(parameters: URLSearchParams): string | undefined {
  const json = parameters.getAll("tags").filter((text) => text.trim().startsWith("{"));
  const pairs = parameters.getAll("tag");
  if (json.length === 0 && pairs.length === 0) return undefined;
  const objects = json.map(readObject);
  const tags = [...objects.flatMap((object) => object ?? []), ...pairs.map(readPair)];
  // What is broken, or has a key that cannot be typed here, is shown as it came, for the form to say what is wrong with it.
  if (objects.includes(undefined) || tags.some(([key]) => key === "" || /[\s="]/.test(key))) return [...json, ...pairs].join(" ");
  return formatTags(tags);
}

/** Whether two times are microseconds: sixteen digits are the years 2001 to 2286 in those, and the first months of 1970 in nanoseconds. */
export function microsOf(start: string, end: string): boolean {
  return /^\d{16}$/.test(start) && /^\d{16}$/.test(end);
}

/** The shortest of our own ranges that covers `lookback`, such as `2h`; the longest where none does. Nothing for `custom`. */
export function nearestLookback<Name extends string>(lookback: string, ours: Readonly<Record<Name, { readonly nanos: Nanos }>>): Name | undefined {
  const wanted = readLookback(lookback);
  if (wanted === undefined) return undefined;
  const names = Object.keys(ours) as Name[];
  return names.find((name) => ours[name].nanos >= wanted) ?? names.at(-1);
}

function readLookback(text: string): Nanos | undefined {
  const days = /^(\d{1,4})d$/.exec(text);
  if (days) return BigInt(days[1]) * day;
  const duration = parseDuration(text);
  return duration.ok ? duration.value : undefined;
}

function readObject(json: string): readonly Tag[] | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? Object.entries(value).map(([key, tag]) => [key, String(tag)]) : undefined;
  } catch {
    return undefined;
  }
}

function readPair(pair: string): Tag {
  const colon = pair.indexOf(":");
  return [pair.slice(0, Math.max(colon, 0)), pair.slice(colon + 1)];
}
