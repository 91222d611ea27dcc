import { expect, test } from "vitest";
import { microsecond } from "../src/base/nanos";
import { readRoute } from "../src/model/route";
import { defaultQuery, problemsOf, type SearchQuery } from "../src/model/search-query";

function search(address: string): SearchQuery {
  const route = readRoute(new URL(address, "http://clew"));
  if (route.page !== "search") throw new Error(`${address} is no search`);
  return route.query;
}

test("a link of Jaeger's UI is the same search here", () =>
  expect(search('/search?end=1700003600000000&limit=20&lookback=1h&maxDuration=2s&minDuration=1.2ms&operation=GET%20%2F&service=shop&start=1700000000000000&tags=%7B"error"%3A"true"%2C"note"%3A"two%20words"%7D')).toEqual({
    text: "", service: "shop", operation: "GET /", tags: 'error=true note="two words"', minDuration: "1.2ms", maxDuration: "2s", limit: 20,
    range: { kind: "between", start: 1_700_000_000_000_000n * microsecond, end: 1_700_003_600_000_000n * microsecond },
  }));

test.each([
  ['tags={"error":"true"}', "error=true"],
  ['tags={"http.status_code":500,"retried":true}', "http.status_code=500 retried=true"],
  ["tags={}", ""],
  ["tag=error:true&tag=url:http://a", "error=true url=http://a"],
  ['tags={"a":"b"}&tag=c:d', "a=b c=d"],
  ["tags=a%3Db", "a=b"],
])("the tags of %s are %s", (parameters, tags) => expect(search(`/search?${parameters}`).tags).toBe(tags));

test.each(['tags={"error":', "tag=error", "tags={]", "tag=:error", 'tags={"a=b":"c"}', 'tags=[1]'])("broken tags, %s, are a problem of their field", (parameters) =>
  expect(problemsOf(search(`/search?${parameters}`)).map((problem) => problem.field)).toEqual(["tags"]));

test.each([
  ["1h", "1h"],
  ["5m", "15m"],
  ["2h", "6h"],
  ["12h", "24h"],
  ["2d", "7d"],
  ["30d", "7d"],
  ["custom", "1h"],
])("the lookback %s alone is the last %s", (lookback, name) => expect(search(`/search?lookback=${lookback}`).range).toEqual({ kind: "last", name }));

test("our own links keep their nanoseconds", () =>
  expect(search("/search?start=1700000000123456789&end=1700000001000000000").range).toEqual({ kind: "between", start: 1_700_000_000_123_456_789n, end: 1_700_000_001_000_000_000n }));

test("a trace of Jaeger's UI has the same address", () =>
  expect(readRoute(new URL("/trace/00f067aa0ba902b7?uiFind=shop", "http://clew"))).toEqual({ page: "trace", traceId: "000000000000000000f067aa0ba902b7" }));

test("no parameters mean the default", () => expect(search("/search")).toEqual(defaultQuery));
