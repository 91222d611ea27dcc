import type { OtlpTraces } from "./otlp";

/** A server that refused, failed or could not be reached. `status` is 0 when there was no answer at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** The query parameter the server names as the wrong one. */
    readonly parameter?: string,
    /** Of a query that the server does not understand. */
    readonly place?: QueryPlace,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** Where in a query the problem is, from 1, and what it is. */
export interface QueryPlace {
  readonly reason: string;
  readonly line: number;
  readonly column: number;
}

export interface Operation {
  readonly name: string;
  readonly spanKind: string;
}

/** A search as the server takes it. Absent fields do not restrict. */
export interface SearchRequest {
  /** In either form; then there is none of the fields below but the times and the limit. */
  readonly q?: string;
  readonly service?: string;
  readonly operation?: string;
  readonly tags: readonly (readonly [key: string, value: string])[];
  readonly minDuration?: string;
  readonly maxDuration?: string;
  /** Unix nanoseconds. */
  readonly start: bigint;
  readonly end?: bigint;
  readonly limit: number;
}

export interface TraceSummary {
  readonly traceId: string;
  /** Empty when no span of the trace is a root. */
  readonly rootServiceName: string;
  readonly rootOperationName: string;
  readonly startTimeUnixNano: string;
  readonly durationNanos: string;
  readonly spanCount: number;
  readonly errorCount: number;
  readonly services: readonly ServiceShare[];
  /** Of a search by query: what of the trace matches. */
  readonly spanSets?: readonly { readonly matched: number }[];
}

export interface SearchAnswer {
  readonly traces: readonly TraceSummary[];
  /** The query was ended early by a bound: these are the traces found until then. */
  readonly partial?: { readonly limit: string; readonly message: string };
  /** Which names of a query that found nothing no span has, in sentences. */
  readonly hints?: readonly string[];
}

/** What a query means. */
export interface Translation {
  /** Canonical TraceQL. */
  readonly query: string;
  readonly form: "simple" | "traceql";
  readonly answers: "traces" | "metrics";
}

export interface AttributeName {
  readonly key: string;
  /** As TraceQL writes it. */
  readonly name: string;
}

export interface ServiceShare {
  readonly name: string;
  readonly spanCount: number;
  readonly errorCount: number;
}

export interface ServerStatus {
  readonly version: string;
  /** Spans stored, a decimal number. "0" means that nothing was ever received. */
  readonly spans: string;
  /** Base addresses for exporters, as seen from the host that this page came from. */
  readonly otlp: { readonly grpc: string; readonly http: string };
}

const root = "/api/clew/v1";

export async function fetchServices(signal: AbortSignal): Promise<readonly string[]> {
  return (await get<{ services?: string[] }>(`${root}/services`, signal)).services ?? [];
}

export async function fetchOperations(service: string, signal: AbortSignal): Promise<readonly Operation[]> {
  const answer = await get<{ operations?: Operation[] }>(`${root}/operations?${new URLSearchParams({ service })}`, signal);
  return answer.operations ?? [];
}

export async function searchTraces(request: SearchRequest, signal: AbortSignal): Promise<SearchAnswer> {
  const answer = await get<Partial<SearchAnswer>>(`${root}/search?${searchParameters(request)}`, signal);
  return { traces: [], ...answer };
}

export function translateQuery(q: string, signal: AbortSignal): Promise<Translation> {
  return get<Translation>(`${root}/translate?${new URLSearchParams({ q })}`, signal);
}

export async function fetchAttributes(signal: AbortSignal): Promise<readonly AttributeName[]> {
  return (await get<{ attributes?: AttributeName[] }>(`${root}/attributes`, signal)).attributes ?? [];
}

/** @param name a field or attribute as either form writes it. */
export async function fetchAttributeValues(name: string, prefix: string, signal: AbortSignal): Promise<readonly string[]> {
  const answer = await get<{ values?: { value: unknown }[] }>(`${root}/attributes/values?${new URLSearchParams({ name, prefix, limit: "20" })}`, signal);
  return (answer.values ?? []).map(({ value }) => String(value));
}

export function searchParameters(request: SearchRequest): URLSearchParams {
  const parameters = new URLSearchParams();
  if (request.q !== undefined) parameters.set("q", request.q);
  if (request.service !== undefined) parameters.set("service", request.service);
  if (request.operation !== undefined) parameters.set("operation", request.operation);
  for (const [key, value] of request.tags) parameters.append("tag", `${escapeKey(key)}:${value}`);
  if (request.minDuration !== undefined) parameters.set("minDuration", request.minDuration);
  if (request.maxDuration !== undefined) parameters.set("maxDuration", request.maxDuration);
  parameters.set("start", request.start.toString());
  if (request.end !== undefined) parameters.set("end", request.end.toString());
  parameters.set("limit", request.limit.toString());
  return parameters;
}

/** The server separates key and value at the first colon. */
function escapeKey(key: string): string {
  return key.replaceAll("%", "%25").replaceAll(":", "%3A");
}

export function traceUrl(traceId: string): string {
  return `${root}/traces/${encodeURIComponent(traceId)}`;
}

export function fetchTrace(traceId: string, signal: AbortSignal): Promise<OtlpTraces> {
  return get<OtlpTraces>(traceUrl(traceId), signal);
}

export function fetchStatus(signal: AbortSignal): Promise<ServerStatus> {
  return get<ServerStatus>(`${root}/status`, signal);
}

async function get<T>(url: string, signal: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, { signal, headers: { accept: "application/json" } });
  } catch (failure) {
    if (signal.aborted) throw failure;
    throw new ApiError(0, "The Clew server does not answer. Is it running? Check the terminal it was started in, then retry.");
  }
  const text = await response.text();
  if (!response.ok) throw errorOf(response, text);
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ApiError(response.status, `${url} answered with something that is not JSON. Is another program listening on this port?`);
  }
}

function errorOf(response: Response, text: string): ApiError {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: string; parameter?: string } & Partial<QueryPlace> };
    if (error?.message)
      return new ApiError(response.status, error.message, error.parameter,
        error.reason && error.line && error.column ? { reason: error.reason, line: error.line, column: error.column } : undefined);
  } catch {
    // Not the server's own error format, for example a proxy's page: the status line has to do.
  }
  return new ApiError(response.status, `The server answered ${response.status} ${response.statusText}`.trimEnd() + ".");
}
