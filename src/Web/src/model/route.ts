import { readQuery, writeQuery, type SearchQuery } from "./search-query";

export type Route =
  | { readonly page: "search"; readonly query: SearchQuery }
  | { readonly page: "trace"; readonly traceId: string; readonly span?: SpanReference }
  /** `traceId` is what stands in place of one, when the address is otherwise that of a trace. */
  | { readonly page: "unknown"; readonly path: string; readonly traceId?: string };

/** A span of a trace: its id and, because broken senders reuse ids, which of the spans with that id, from 1. */
export interface SpanReference {
  readonly spanId: string;
  readonly occurrence: number;
}

export function readRoute(url: URL): Route {
  if (url.pathname === "/" || url.pathname === "/search") return { page: "search", query: readQuery(url.searchParams) };
  const trace = /^\/trace\/([0-9a-fA-F]{1,32})\/?$/.exec(url.pathname);
  if (!trace) {
    const wrong = /^\/trace\/([^/]+)\/?$/.exec(url.pathname);
    return { page: "unknown", path: url.pathname, ...(wrong && { traceId: decoded(wrong[1]) }) };
  }
  const span = /^#([0-9a-fA-F]{16})(?:\.([1-9]\d{0,8}))?$/.exec(url.hash);
  const traceId = normalizeTraceId(trace[1]);
  return span
    ? { page: "trace", traceId, span: { spanId: span[1].toLowerCase(), occurrence: Number(span[2] ?? 1) } }
    : { page: "trace", traceId };
}

/** The path, query and fragment that `readRoute` reads back as the same route. */
export function writeRoute(route: Route): string {
  switch (route.page) {
    case "search": {
      const parameters = writeQuery(route.query).toString();
      return parameters === "" ? "/search" : `/search?${parameters}`;
    }
    case "trace":
      return `/trace/${route.traceId}${route.span ? `#${writeSpanReference(route.span)}` : ""}`;
    case "unknown":
      return route.path;
  }
}

function writeSpanReference({ spanId, occurrence }: SpanReference): string {
  return occurrence > 1 ? `${spanId}.${occurrence}` : spanId;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Some tools print trace ids without their leading zeros. */
export function normalizeTraceId(text: string): string {
  return text.toLowerCase().padStart(32, "0");
}

/** What a person pasted into the search box, if it can be a trace id: blanks, dashes and a surrounding traceparent are forgiven. */
export function findTraceId(pasted: string): string | undefined {
  const traceparent = /^\s*[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}\s*$/i.exec(pasted);
  const compact = traceparent ? traceparent[1] : pasted.replace(/[\s-]/g, "").replace(/^0x/i, "");
  return /^[0-9a-f]{16,32}$/i.test(compact) && !/^0+$/.test(compact) ? normalizeTraceId(compact) : undefined;
}
