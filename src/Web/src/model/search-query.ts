import type { SearchRequest } from "../api/clew-api";
import { day, formatDuration, fromEpochMillis, hour, microsecond, minute, parseDuration, type Nanos } from "../base/nanos";
import { formatMoment } from "../base/calendar";
import { jaegerTags, microsOf, nearestLookback } from "./jaeger-link";
import { parseTags } from "./tags";

/** A search as the form shows it and the address bar keeps it: text as typed, right or wrong, so that a link can carry both. */
export interface SearchQuery {
  /** TraceQL or its simple form. Where there is one, the fields down to the longest duration are empty: it says it all. */
  readonly text: string;
  /** Empty means any. */
  readonly service: string;
  readonly operation: string;
  readonly tags: string;
  readonly minDuration: string;
  readonly maxDuration: string;
  readonly range: TimeRange;
  readonly limit: number;
}

export type TimeRange =
  | { readonly kind: "last"; readonly name: LookbackName }
  | { readonly kind: "between"; readonly start: Nanos; readonly end: Nanos };

export const lookbacks = {
  "15m": { label: "Last 15 minutes", nanos: 15n * minute },
  "1h": { label: "Last hour", nanos: hour },
  "6h": { label: "Last 6 hours", nanos: 6n * hour },
  "24h": { label: "Last 24 hours", nanos: day },
  "7d": { label: "Last 7 days", nanos: 7n * day },
} as const;
export type LookbackName = keyof typeof lookbacks;

export const limits = [20, 50, 100, 200, 500, 1000] as const;

export const defaultQuery: SearchQuery = {
  text: "", service: "", operation: "", tags: "", minDuration: "", maxDuration: "", range: { kind: "last", name: "1h" }, limit: 100,
};

/** A field of the form and what is wrong with it. */
export interface QueryProblem {
  readonly field: "text" | "tags" | "minDuration" | "maxDuration" | "range" | "form";
  readonly text: string;
}

/** Reads what `writeQuery` writes, and the links of Jaeger's own UI, which differ in tags and times. */
export function readQuery(parameters: URLSearchParams): SearchQuery {
  const text = (name: string) => parameters.get(name) ?? "";
  const limit = Number(text("limit"));
  return onlyText({
    text: text("q"),
    service: text("service"),
    operation: text("operation"),
    tags: jaegerTags(parameters) ?? text("tags"),
    minDuration: text("minDuration"),
    maxDuration: text("maxDuration"),
    range: readRange(text("last") || text("lookback"), text("start"), text("end")),
    limit: Number.isInteger(limit) && limit > 0 ? limit : defaultQuery.limit,
  });
}

/** The query without what a text in it overrules. */
export function onlyText(query: SearchQuery): SearchQuery {
  return query.text.trim() === "" ? query : { ...query, service: "", operation: "", tags: "", minDuration: "", maxDuration: "" };
}

function readRange(last: string, start: string, end: string): TimeRange {
  if (/^\d{1,19}$/.test(start) && /^\d{1,19}$/.test(end)) {
    const scale = microsOf(start, end) ? microsecond : 1n;
    return { kind: "between", start: BigInt(start) * scale, end: BigInt(end) * scale };
  }
  if (last in lookbacks) return { kind: "last", name: last as LookbackName };
  const name = nearestLookback(last, lookbacks);
  return name ? { kind: "last", name } : defaultQuery.range;
}

/** The inverse of `readQuery`; what equals the default is left out, so that addresses stay short. */
export function writeQuery(query: SearchQuery): URLSearchParams {
  const parameters = new URLSearchParams();
  if (query.text.trim() !== "") parameters.set("q", query.text.trim());
  for (const name of ["service", "operation", "tags", "minDuration", "maxDuration"] as const)
    if (query[name].trim() !== "") parameters.set(name, query[name].trim());
  if (query.range.kind === "between") {
    parameters.set("start", query.range.start.toString());
    parameters.set("end", query.range.end.toString());
  } else if (query.range.name !== "1h") parameters.set("last", query.range.name);
  if (query.limit !== defaultQuery.limit) parameters.set("limit", query.limit.toString());
  return parameters;
}

/** Everything that can be seen to be wrong without asking the server. */
export function problemsOf(query: SearchQuery): readonly QueryProblem[] {
  const problems: QueryProblem[] = [];
  const tags = parseTags(query.tags);
  if (!tags.ok) problems.push({ field: "tags", text: tags.problem });
  for (const field of ["minDuration", "maxDuration"] as const) {
    const bound = query[field].trim() === "" ? undefined : parseDuration(query[field]);
    if (bound?.ok === false) problems.push({ field, text: bound.problem });
  }
  const [min, max] = [parseDuration(query.minDuration), parseDuration(query.maxDuration)];
  if (min.ok && max.ok && min.value > max.value)
    problems.push({ field: "maxDuration", text: `The longest duration, ${formatDuration(max.value)}, is below the shortest, ${formatDuration(min.value)}: no trace can match.` });
  if (query.range.kind === "between" && query.range.start >= query.range.end)
    problems.push({ field: "range", text: "The time range ends before it starts." });
  return problems;
}

/** @param query one without problems. */
export function toRequest(query: SearchQuery, nowMillis: number): SearchRequest {
  const tags = parseTags(query.tags);
  return {
    ...(query.text.trim() && { q: query.text.trim() }),
    ...(query.service && { service: query.service }),
    ...(query.operation && { operation: query.operation }),
    ...(query.minDuration.trim() && { minDuration: compact(query.minDuration) }),
    ...(query.maxDuration.trim() && { maxDuration: compact(query.maxDuration) }),
    tags: tags.ok ? tags.value : [],
    ...boundsOf(query.range, nowMillis),
    limit: query.limit,
  };
}

function compact(duration: string): string {
  return duration.replace(/\s+/g, "");
}

/** “Last hour” has no upper bound: the sender's clock may be ahead of the reader's, and its newest spans are wanted too. */
function boundsOf(range: TimeRange, nowMillis: number): { readonly start: Nanos; readonly end?: Nanos } {
  return range.kind === "between" ? { start: range.start, end: range.end } : { start: fromEpochMillis(nowMillis) - lookbacks[range.name].nanos };
}

/** One way to ask for less: what a search without results offers. */
export interface Loosening {
  readonly label: string;
  readonly query: SearchQuery;
}

export function looseningsOf(query: SearchQuery): readonly Loosening[] {
  const result: Loosening[] = [];
  if (query.text.trim()) result.push({ label: "Drop the query", query: { ...query, text: "" } });
  if (query.tags.trim()) result.push({ label: `Drop the tags ${query.tags.trim()}`, query: { ...query, tags: "" } });
  if (query.minDuration.trim()) result.push({ label: `Drop “at least ${query.minDuration.trim()}”`, query: { ...query, minDuration: "" } });
  if (query.maxDuration.trim()) result.push({ label: `Drop “at most ${query.maxDuration.trim()}”`, query: { ...query, maxDuration: "" } });
  if (query.operation) result.push({ label: `Any operation instead of ${query.operation}`, query: { ...query, operation: "" } });
  if (query.service) result.push({ label: `Any service instead of ${query.service}`, query: { ...query, service: "", operation: "" } });
  if (query.range.kind === "between")
    result.push({ label: `Last 24 hours instead of ${formatMoment(query.range.start)} to ${formatMoment(query.range.end)}`, query: { ...query, range: { kind: "last", name: "24h" } } });
  else if (query.range.name !== "7d")
    result.push({ label: "Look at the last 7 days", query: { ...query, range: { kind: "last", name: "7d" } } });
  return result;
}
