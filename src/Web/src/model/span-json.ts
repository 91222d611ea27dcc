import type { OtlpTraces } from "../api/otlp";
import type { Trace } from "./trace";

/** One span as a complete OTLP JSON message, with the resource and scope it came with. */
export function spanAsOtlp(trace: Trace, row: number): OtlpTraces {
  const { span, resource, resourceSchemaUrl, scope, scopeSchemaUrl } = trace.origins[row];
  return {
    resourceSpans: [{
      resource,
      ...(resourceSchemaUrl && { schemaUrl: resourceSchemaUrl }),
      scopeSpans: [{ scope, ...(scopeSchemaUrl && { schemaUrl: scopeSchemaUrl }), spans: [span] }],
    }],
  };
}
