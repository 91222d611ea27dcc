import type { OtlpResource, OtlpScope, OtlpSpan } from "../api/otlp";
import type { Nanos } from "../base/nanos";
import type { SpanReference } from "./route";

/** What is wrong with a span, as bits. A broken trace is shown as broken, never quietly mended. */
export const flaw = {
  /** Names a parent that is not in the trace. */
  orphan: 1,
  /** Another span of the trace has the same id. */
  duplicate: 2,
  /** Its parents lead back to itself; it is shown as a root. */
  cycle: 4,
  /** Ends before it starts. */
  negativeDuration: 8,
  /** Says no start time. */
  startUnknown: 16,
} as const;

/** Where a span was found in the answer: the span itself and who emitted it. */
export interface SpanOrigin {
  readonly span: OtlpSpan;
  readonly resource: OtlpResource;
  readonly resourceSchemaUrl: string;
  readonly scope: OtlpScope;
  readonly scopeSchemaUrl: string;
}

export interface TraceService {
  readonly name: string;
  readonly spanCount: number;
  readonly errorCount: number;
}

/**
 * A trace as columns over its spans, in display order: depth first, children by start. So the subtree of span `i` is the
 * rows from `i` up to, not including, `subtreeEnd[i]`; collapsing skips it, and nothing is rebuilt. Offsets and durations are
 * nanoseconds as doubles, relative to `startNanos`: exact for traces of up to 104 days, and only drawn, never sent anywhere.
 */
export interface Trace {
  readonly traceId: string;
  readonly spanCount: number;
  /** Spans that were stored more often than once, the same to the last bit, and are not shown again. */
  readonly copiesLeftOut: number;
  /** Start of the earliest span, Unix nanoseconds; 0 when no span says when it started. */
  readonly startNanos: Nanos;
  readonly durationNanos: number;
  readonly errorCount: number;
  readonly flawedCount: number;
  readonly depthMax: number;
  readonly services: readonly TraceService[];
  /** Row of the root that names the trace: the earliest span without a parent. -1 when there is none. */
  readonly rootRow: number;
  readonly rootCount: number;

  readonly origins: readonly SpanOrigin[];
  readonly spanIds: readonly string[];
  readonly names: readonly string[];
  /** Row of the parent, or -1. */
  readonly parent: Int32Array;
  readonly depth: Int32Array;
  readonly subtreeEnd: Int32Array;
  readonly childCount: Int32Array;
  readonly startOffset: Float64Array;
  readonly duration: Float64Array;
  /** Duration minus the time covered by children. */
  readonly selfTime: Float64Array;
  /** Index into `services`. */
  readonly service: Int32Array;
  /** 1 where the status is Error. */
  readonly failed: Uint8Array;
  /** Errors among the descendants, the span itself not counted. */
  readonly errorsBelow: Int32Array;
  /** Bits of `flaw`. */
  readonly flaws: Uint8Array;
  readonly rowsBySpanId: ReadonlyMap<string, readonly number[]>;
}

export function rowOf(trace: Trace, reference: SpanReference): number {
  const rows = trace.rowsBySpanId.get(reference.spanId);
  return rows?.[Math.min(reference.occurrence, rows.length) - 1] ?? -1;
}

export function referenceOf(trace: Trace, row: number): SpanReference {
  const spanId = trace.spanIds[row];
  return { spanId, occurrence: (trace.rowsBySpanId.get(spanId)?.indexOf(row) ?? 0) + 1 };
}

export function serviceOf(trace: Trace, row: number): TraceService {
  return trace.services[trace.service[row]];
}
