import { expect, test } from "vitest";
import { completeKeys, completeValues, lastWordOf } from "../src/model/query-completion";

test.each([
  ["", { before: "", key: "", value: "" }],
  ["ser", { before: "", key: "ser", value: "" }],
  ["service=kv", { before: "", key: "service", comparison: "=", value: "kv" }],
  ["error=true tier=~l", { before: "error=true ", key: "tier", comparison: "=~", value: "l" }],
  ["{ span.ti", { before: "{ ", key: "span.ti", value: "" }],
  ['{span.tier="l', { before: "{", key: "span.tier", comparison: '="', value: "l" }],
  ["a=1 | rate() by (na", { before: "a=1 | rate() by (", key: "na", value: "" }],
])("the last word of %s is %o", (text, expected) => expect(lastWordOf(text)).toEqual(expected));

test("keys are completed within the text that is there", () =>
  expect(completeKeys(lastWordOf("error=true se"), ["session.id", "tier"])).toEqual(["error=true service", "error=true session.id"]));

test("values with blanks are quoted", () =>
  expect(completeValues(lastWordOf("a=1 name=GET"), ["GET", "GET /cart"])).toEqual(["a=1 name=GET", 'a=1 name="GET /cart"']));
