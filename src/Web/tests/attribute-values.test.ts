import { expect, test } from "vitest";
import type { OtlpAnyValue } from "../src/api/otlp";
import { bytesAsHex, describeValue } from "../src/model/attribute-values";

test.each<[OtlpAnyValue | undefined, string, string]>([
  [{ stringValue: "" }, "string", ""],
  [{ boolValue: false }, "bool", "false"],
  [{ intValue: "9223372036854775807" }, "int", "9223372036854775807"],
  [{ doubleValue: 0.5 }, "double", "0.5"],
  [{ doubleValue: "-Infinity" }, "double", "-Infinity"],
  [{ bytesValue: "q80=" }, "bytes", "q80="],
  [{ arrayValue: {} }, "array", "[]"],
  [{}, "empty", ""],
  [undefined, "empty", ""],
])("%o is shown as %s %s", (value, type, text) => expect(describeValue(value)).toEqual({ type, text }));

test("nested values are indented JSON, and large integers lose no digit", () => {
  const value: OtlpAnyValue = { kvlistValue: { values: [{ key: "ids", value: { arrayValue: { values: [{ intValue: "1" }, { intValue: "9223372036854775807" }] } } }] } };
  expect(describeValue(value).text).toBe('{\n  "ids": [\n    1,\n    "9223372036854775807"\n  ]\n}');
});

test("a map whose keys repeat shows every pair", () => {
  const value: OtlpAnyValue = { kvlistValue: { values: [{ key: "a", value: { intValue: "1" } }, { key: "a", value: { intValue: "2" } }] } };
  expect(JSON.parse(describeValue(value).text)).toEqual([["a", 1], ["a", 2]]);
});

test("bytes are shown as hexadecimal when they are base64", () => {
  expect(bytesAsHex("q80A")).toEqual({ hex: "ab cd 00", count: 3 });
  expect(bytesAsHex("q83-_w")).toEqual({ hex: "ab cd fe ff", count: 4 });
  expect(bytesAsHex("###")).toBeUndefined();
});
