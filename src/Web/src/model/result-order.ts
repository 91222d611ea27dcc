import type { TraceSummary } from "../api/clew-api";

export const resultOrders = {
  newest: "Newest first",
  longest: "Longest first",
  spans: "Most spans",
  errors: "Most errors",
} as const;
export type ResultOrder = keyof typeof resultOrders;

export function sortResults(traces: readonly TraceSummary[], order: ResultOrder): readonly TraceSummary[] {
  const newest = (left: TraceSummary, right: TraceSummary) => compare(BigInt(right.startTimeUnixNano), BigInt(left.startTimeUnixNano));
  const first = {
    newest,
    longest: (left: TraceSummary, right: TraceSummary) => compare(BigInt(right.durationNanos), BigInt(left.durationNanos)),
    spans: (left: TraceSummary, right: TraceSummary) => right.spanCount - left.spanCount,
    errors: (left: TraceSummary, right: TraceSummary) => right.errorCount - left.errorCount,
  }[order];
  return [...traces].sort((left, right) => first(left, right) || newest(left, right));
}

function compare(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
