import { readNanos } from "../base/nanos";
import type { TraceSummary } from "../api/clew-api";

/** Exporters send every few seconds, and a root ends last: until then it is not missing, only not here. */
const arrivalMillisMax = 30_000;

/** The root's operation, or why there is none. */
export function rootName(trace: TraceSummary, nowMillis: number): { readonly text: string; readonly state: "named" | "awaited" | "missing" } {
  if (trace.rootOperationName !== "") return { text: trace.rootOperationName, state: "named" };
  const endMillis = Number((readNanos(trace.startTimeUnixNano) + BigInt(trace.durationNanos)) / 1_000_000n);
  return nowMillis - endMillis < arrivalMillisMax ? { text: "root span not here yet", state: "awaited" } : { text: "root span missing", state: "missing" };
}
