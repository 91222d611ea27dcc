import { expect, test } from "vitest";
import { findRows, nextMatch } from "../src/model/find";
import { assemble, span } from "./traces";

const trace = assemble(
  span("a", "", 0, 9, { name: "POST /v1/requests", status: { code: 2, message: "pipeline failed" } }),
  span("b", "a", 1, 2, { name: "llm.call", attributes: [{ key: "llm.model", value: { stringValue: "Llama-3.3" } }, { key: "tokens", value: { intValue: "4096" } }] }),
  span("c", "a", 3, 4, { name: "tool", events: [{ name: "exception", attributes: [{ key: "exception.type", value: { stringValue: "TimeoutError" } }] }] }),
  span("d", "a", 5, 6, { name: "cache", attributes: [{ key: "tiers", value: { arrayValue: { values: [{ stringValue: "hot" }, { kvlistValue: { values: [{ key: "cold", value: { boolValue: true } }] } }] } } }] }),
);

test.each([
  ["post", [0]],
  ["pipeline", [0]],
  ["LLAMA", [1]],
  ["tokens=4096", [1]],
  ["tokens=409", [1]],
  ["tokens=5", []],
  ["timeouterror", [2]],
  ["hot", [3]],
  ["cold", [3]],
  ["service", [0, 1, 2, 3]],
  ["llm llama", [1]],
  ["llm cache", []],
  ["  ", []],
])("finding %s gives the rows %o", (text, rows) => expect([...findRows(trace, text)]).toEqual(rows));

test("going through the matches goes round", () => {
  const matches = Int32Array.of(2, 5, 9);
  expect([nextMatch(matches, 5, 1), nextMatch(matches, 9, 1), nextMatch(matches, 5, -1), nextMatch(matches, 0, -1)]).toEqual([9, 2, 2, 9]);
  expect(nextMatch(new Int32Array(0), 3, 1)).toBe(-1);
});
