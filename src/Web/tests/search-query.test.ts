import { expect, test } from "vitest";
import { searchParameters } from "../src/api/clew-api";
import { defaultQuery, limits, lookbacks, looseningsOf, problemsOf, readQuery, toRequest, writeQuery, type LookbackName, type SearchQuery } from "../src/model/search-query";
import { forSeeds } from "./random";

test("an address without parameters means the last hour of everything", () => {
  expect(readQuery(new URLSearchParams())).toEqual(defaultQuery);
  expect(writeQuery(defaultQuery).toString()).toBe("");
});

test("a query survives the address bar", () =>
  forSeeds(300, (random) => {
    const query: SearchQuery = {
      text: "",
      service: random.pick(["", "api", "ä &=?#"]),
      operation: random.pick(["", "GET /x"]),
      tags: random.pick(["", 'a=b c="d e"', "broken"]),
      minDuration: random.pick(["", "100ms", "?"]),
      maxDuration: random.pick(["", "1.2s"]),
      range: random.below(2) === 0 ? { kind: "last", name: random.pick(Object.keys(lookbacks) as LookbackName[]) } : { kind: "between", start: 1_700_000_000_123_456_789n, end: BigInt(random.below(2 ** 31)) },
      limit: random.pick(limits),
    };
    expect(readQuery(new URLSearchParams(writeQuery(query).toString()))).toEqual(query);
  }));

test("a text survives the address bar, and overrules the fields beside it", () => {
  const text = "{ .a = `ä &=?#` } >> { status = error }";
  expect(writeQuery({ ...defaultQuery, text, limit: 50 }).toString()).toBe(`${new URLSearchParams({ q: text, limit: "50" })}`);
  expect(readQuery(new URLSearchParams({ q: text, service: "api", tags: "broken" }))).toEqual({ ...defaultQuery, text });
  expect(searchParameters(toRequest({ ...defaultQuery, text: " error=true " }, 1_700_000_000_000)).toString()).toBe("q=error%3Dtrue&start=1699996400000000000&limit=100");
});

test("a request carries tags, durations and an open end for “last”", () => {
  const request = toRequest({ ...defaultQuery, service: "api", tags: 'error=true note="a:b c"', minDuration: "1 s" }, 1_700_000_000_000);
  expect(searchParameters(request).toString()).toBe("service=api&tag=error%3Atrue&tag=note%3Aa%3Ab+c&minDuration=1s&start=1699996400000000000&limit=100");
});

test("every wrong field is named at once", () => {
  const problems = problemsOf({ ...defaultQuery, tags: "x", minDuration: "7", maxDuration: "y", range: { kind: "between", start: 2n, end: 2n } });
  expect(problems.map((problem) => problem.field)).toEqual(["tags", "minDuration", "maxDuration", "range"]);
});

test("a shortest duration above the longest is refused", () =>
  expect(problemsOf({ ...defaultQuery, minDuration: "2s", maxDuration: "1s" })[0].text).toContain("1 s, is below the shortest, 2 s"));

test("each way out of a search without results asks for less, and none is offered where nothing restricts", () => {
  const query: SearchQuery = { ...defaultQuery, service: "api", operation: "GET", tags: "a=b", minDuration: "1s", range: { kind: "last", name: "7d" } };
  expect(looseningsOf(query).map(({ query: looser }) => writeQuery(looser).size)).toEqual([4, 4, 4, 3]);
  expect(looseningsOf({ ...defaultQuery, range: { kind: "last", name: "7d" } })).toEqual([]);
});
