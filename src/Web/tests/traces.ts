import type { OtlpSpan, OtlpTraces } from "../src/api/otlp";
import { assembleTrace } from "../src/model/trace-assembly";
import type { Trace } from "../src/model/trace";

export const traceStart = 1_700_000_000_000_000_000n;

/** A span given by its id, parent and times after `traceStart`. */
export function span(id: string, parent: string, start: number, end: number, more: Partial<OtlpSpan> = {}): OtlpSpan {
  return {
    spanId: id.padStart(16, "0"),
    ...(parent && { parentSpanId: parent.padStart(16, "0") }),
    name: `span ${id}`,
    startTimeUnixNano: (traceStart + BigInt(start)).toString(),
    endTimeUnixNano: (traceStart + BigInt(end)).toString(),
    ...more,
  };
}

export function otlp(...services: readonly (readonly [service: string, ...spans: OtlpSpan[]])[]): OtlpTraces {
  return {
    resourceSpans: services.map(([service, ...spans]) => ({
      resource: { attributes: [{ key: "service.name", value: { stringValue: service } }] },
      scopeSpans: [{ scope: { name: "test" }, spans }],
    })),
  };
}

export function assemble(...spans: OtlpSpan[]): Trace {
  return assembleTrace("a".repeat(32), otlp(["service", ...spans]))!;
}

/** The tree as text: `a(b c(d))`, roots separated by blanks. */
export function drawn(trace: Trace): string {
  const draw = (first: number, end: number): string => {
    const parts: string[] = [];
    for (let row = first; row < end; row = trace.subtreeEnd[row]) {
      const inner = draw(row + 1, trace.subtreeEnd[row]);
      parts.push(trace.spanIds[row].replace(/^0+/, "") + (inner && `(${inner})`));
    }
    return parts.join(" ");
  };
  return draw(0, trace.spanCount);
}
