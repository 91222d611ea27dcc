import type { OtlpAnyValue, OtlpKeyValue } from "../api/otlp";
import { serviceOf, type Trace } from "./trace";

/**
 * The rows, ascending, in which every blank-separated word occurs: in the name, service, span id, status message, an attribute's
 * key or value, or an event. `key=value` finds an attribute whose value begins so. Case does not matter.
 */
export function findRows(trace: Trace, text: string): Int32Array {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return new Int32Array(0);
  const rows: number[] = [];
  for (let row = 0; row < trace.spanCount; row++) if (words.every((word) => matches(trace, row, word))) rows.push(row);
  return Int32Array.from(rows);
}

/** The match after (or, backwards, before) a row, going round at the end; -1 when there is none. */
export function nextMatch(matchRows: Int32Array, from: number, step: 1 | -1): number {
  if (matchRows.length === 0) return -1;
  if (step === 1) return matchRows.find((row) => row > from) ?? matchRows[0];
  return matchRows.findLast((row) => row < from) ?? matchRows[matchRows.length - 1];
}

function matches(trace: Trace, row: number, word: string): boolean {
  const { span } = trace.origins[row];
  return has(trace.names[row], word)
    || has(serviceOf(trace, row).name, word)
    || trace.spanIds[row].startsWith(word)
    || has(span.status?.message, word)
    || hasAttribute(span.attributes, word)
    || (span.events?.some((event) => has(event.name, word) || hasAttribute(event.attributes, word)) ?? false);
}

function hasAttribute(attributes: readonly OtlpKeyValue[] | undefined, word: string): boolean {
  if (!attributes) return false;
  const equals = word.indexOf("=");
  for (const { key = "", value } of attributes) {
    if (has(key, word) || hasValue(value, word)) return true;
    if (equals > 0 && key.toLowerCase() === word.slice(0, equals) && scalarText(value)?.toLowerCase().startsWith(word.slice(equals + 1))) return true;
  }
  return false;
}

function hasValue(value: OtlpAnyValue | undefined, word: string): boolean {
  if (!value) return false;
  if (value.arrayValue) return value.arrayValue.values?.some((inner) => hasValue(inner, word)) ?? false;
  if (value.kvlistValue) return hasAttribute(value.kvlistValue.values, word);
  return has(scalarText(value), word);
}

function scalarText(value: OtlpAnyValue | undefined): string | undefined {
  const scalar = value && (value.stringValue ?? value.intValue ?? value.doubleValue ?? value.boolValue);
  return scalar === undefined ? undefined : String(scalar);
}

function has(text: string | undefined, word: string): boolean {
  return text !== undefined && text.toLowerCase().includes(word);
}
