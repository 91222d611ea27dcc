import type { OtlpAnyValue, OtlpKeyValue } from "../api/otlp";
import { decodeBase64, formatHex } from "../base/bytes";

export type AttributeType = "string" | "bool" | "int" | "double" | "array" | "map" | "bytes" | "empty";

/** An attribute value ready to be shown. */
export interface AttributeText {
  readonly type: AttributeType;
  /** One line where the value has one; arrays and maps as indented JSON. */
  readonly text: string;
}

export function describeValue(value: OtlpAnyValue | undefined): AttributeText {
  if (value === undefined || value === null) return { type: "empty", text: "" };
  if (value.stringValue !== undefined) return { type: "string", text: value.stringValue };
  if (value.boolValue !== undefined) return { type: "bool", text: String(value.boolValue) };
  if (value.intValue !== undefined) return { type: "int", text: String(value.intValue) };
  if (value.doubleValue !== undefined) return { type: "double", text: String(value.doubleValue) };
  if (value.bytesValue !== undefined) return { type: "bytes", text: value.bytesValue };
  if (value.arrayValue !== undefined) return { type: "array", text: JSON.stringify(toJson(value), null, 2) };
  if (value.kvlistValue !== undefined) return { type: "map", text: JSON.stringify(toJson(value), null, 2) };
  return { type: "empty", text: "" };
}

/** The bytes of a bytes value as hexadecimal; undefined when the text is not base64. */
export function bytesAsHex(base64: string): { readonly hex: string; readonly count: number } | undefined {
  const bytes = decodeBase64(base64);
  return bytes && { hex: formatHex(bytes), count: bytes.length };
}

/** A value as plain JSON, for reading. Integers beyond 2^53 become strings rather than lose digits. */
function toJson(value: OtlpAnyValue | undefined): unknown {
  if (value === undefined || value === null) return null;
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.boolValue !== undefined) return value.boolValue;
  if (value.intValue !== undefined) return Number.isSafeInteger(Number(value.intValue)) ? Number(value.intValue) : String(value.intValue);
  if (value.doubleValue !== undefined) return value.doubleValue;
  if (value.bytesValue !== undefined) return `base64:${value.bytesValue}`;
  if (value.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(toJson);
  // A list of pairs rather than an object where keys repeat: nothing that was sent is hidden.
  const pairs = (value.kvlistValue?.values ?? []).map(({ key = "", value: inner }) => [key, toJson(inner)] as const);
  return new Set(pairs.map(([key]) => key)).size === pairs.length ? Object.fromEntries(pairs) : pairs;
}

export function findAttribute(attributes: readonly OtlpKeyValue[] | undefined, key: string): OtlpAnyValue | undefined {
  return attributes?.find((attribute) => attribute.key === key)?.value;
}

export function findText(attributes: readonly OtlpKeyValue[] | undefined, key: string): string | undefined {
  return findAttribute(attributes, key)?.stringValue;
}
