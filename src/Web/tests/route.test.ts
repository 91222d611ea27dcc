import { expect, test } from "vitest";
import { findTraceId, readRoute, writeRoute, type Route } from "../src/model/route";
import { defaultQuery } from "../src/model/search-query";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const read = (address: string) => readRoute(new URL(address, "http://clew"));

test.each<Route>([
  { page: "search", query: defaultQuery },
  { page: "search", query: { ...defaultQuery, service: "a b" } },
  { page: "trace", traceId },
  { page: "trace", traceId, span: { spanId: "00f067aa0ba902b7", occurrence: 1 } },
  { page: "trace", traceId, span: { spanId: "00f067aa0ba902b7", occurrence: 3 } },
])("the route %o survives the address bar", (route) => expect(read(writeRoute(route))).toEqual(route));

test("the start page is search", () => expect(read("/").page).toBe("search"));

test("a trace id in capitals or without its leading zeros is the same trace", () =>
  expect(read("/trace/F067AA0BA902B7")).toEqual({ page: "trace", traceId: "000000000000000000f067aa0ba902b7" }));

test.each(["/nothing", "/trace/", "/trace/xyz", `/trace/${traceId}0`])("%s is no page", (path) => expect(read(path).page).toBe("unknown"));

test.each([
  ["/trace/zzz", "zzz"],
  [`/trace/${traceId}0`, `${traceId}0`],
  ["/trace/a%20b", "a b"],
  ["/trace/%", "%"],
  ["/trace/", undefined],
  ["/nothing", undefined],
])("the address %s has %s in place of a trace id", (path, wrong) => expect(read(path)).toEqual({ page: "unknown", path, ...(wrong !== undefined && { traceId: wrong }) }));

test.each([
  [traceId, traceId],
  [` ${traceId.toUpperCase()}\n`, traceId],
  [`00-${traceId}-00f067aa0ba902b7-01`, traceId],
  ["4bf92f35-77b3-4da6-a3ce-929d0e0e4736", traceId],
  ["not a trace", undefined],
  ["0".repeat(32), undefined],
  ["abc", undefined],
])("pasted %s is the trace %s", (pasted, found) => expect(findTraceId(pasted)).toBe(found));
