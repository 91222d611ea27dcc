/**
 * OTLP/JSON as the server sends it: 64-bit integers are decimal strings, ids hexadecimal, bytes base64, and a field that has its
 * default value may be absent. Source: opentelemetry-proto, trace/v1/trace.proto and the OTLP/JSON mapping.
 */
export interface OtlpTraces {
  /** Not OTLP's: how many spans, each identical to one that is here, the server has left out. Absent when none. */
  readonly identicalCopiesLeftOut?: number;
  readonly resourceSpans?: readonly OtlpResourceSpans[];
}

export interface OtlpResourceSpans {
  readonly resource?: OtlpResource;
  readonly schemaUrl?: string;
  readonly scopeSpans?: readonly OtlpScopeSpans[];
}

export interface OtlpResource {
  readonly attributes?: readonly OtlpKeyValue[];
  readonly droppedAttributesCount?: number;
}

export interface OtlpScopeSpans {
  readonly scope?: OtlpScope;
  readonly schemaUrl?: string;
  readonly spans?: readonly OtlpSpan[];
}

export interface OtlpScope {
  readonly name?: string;
  readonly version?: string;
  readonly attributes?: readonly OtlpKeyValue[];
  readonly droppedAttributesCount?: number;
}

export interface OtlpSpan {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly flags?: number;
  readonly name?: string;
  readonly kind?: number;
  readonly startTimeUnixNano?: string;
  readonly endTimeUnixNano?: string;
  readonly attributes?: readonly OtlpKeyValue[];
  readonly droppedAttributesCount?: number;
  readonly events?: readonly OtlpEvent[];
  readonly droppedEventsCount?: number;
  readonly links?: readonly OtlpLink[];
  readonly droppedLinksCount?: number;
  readonly status?: OtlpStatus;
}

export interface OtlpEvent {
  readonly timeUnixNano?: string;
  readonly name?: string;
  readonly attributes?: readonly OtlpKeyValue[];
  readonly droppedAttributesCount?: number;
}

export interface OtlpLink {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly traceState?: string;
  readonly attributes?: readonly OtlpKeyValue[];
  readonly droppedAttributesCount?: number;
  readonly flags?: number;
}

export interface OtlpStatus {
  readonly code?: number;
  readonly message?: string;
}

export interface OtlpKeyValue {
  readonly key?: string;
  readonly value?: OtlpAnyValue;
}

/** At most one field is set; none means an empty value, which OTLP allows. */
export interface OtlpAnyValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string | number;
  readonly doubleValue?: number | string;
  readonly arrayValue?: { readonly values?: readonly OtlpAnyValue[] };
  readonly kvlistValue?: { readonly values?: readonly OtlpKeyValue[] };
  readonly bytesValue?: string;
}

export const statusCode = { unset: 0, ok: 1, error: 2 } as const;

/** Names of SpanKind by number. */
export const spanKinds = ["unspecified", "internal", "server", "client", "producer", "consumer"] as const;
