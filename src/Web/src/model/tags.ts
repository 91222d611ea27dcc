import { parsed, problem, type Parsed } from "../base/parsed";

export type Tag = readonly [key: string, value: string];

/**
 * Reads tags as people type them: `key=value`, separated by blanks, quotes around values with blanks, `\"` and `\\` inside
 * quotes. A problem quotes the part it is about.
 */
export function parseTags(text: string): Parsed<readonly Tag[]> {
  const tags: Tag[] = [];
  let at = skipBlanks(text, 0);
  while (at < text.length) {
    const equals = text.indexOf("=", at);
    const keyEnd = endOfWord(text, at);
    if (equals < 0 || equals > keyEnd) {
      const word = text.slice(at, keyEnd);
      return problem(/^["'].*/.test(word)
        ? `${word} is not a tag: only values take quotes, as in key="two words".`
        : `“${word}” has no value: write ${word.replace(/[:!<>~].*$/, "") || "key"}=value.`);
    }
    const key = text.slice(at, equals);
    if (key === "") return problem(`“${text.slice(at, keyEnd)}” has no key: write key=value.`);
    if (key.includes('"')) return problem(`“${key}” has a quote: only values take quotes, as in key="two words".`);
    const value = readValue(text, equals + 1, key);
    if (!value.ok) return value;
    tags.push([key, value.value.text]);
    at = skipBlanks(text, value.value.end);
  }
  return parsed(tags);
}

/** The text that `parseTags` reads back as the same tags. */
export function formatTags(tags: readonly Tag[]): string {
  return tags.map(([key, value]) => `${key}=${/[\s"\\]/.test(value) || value === "" ? quote(value) : value}`).join(" ");
}

function quote(value: string): string {
  return `"${value.replace(/[\\"]/g, "\\$&")}"`;
}

function readValue(text: string, start: number, key: string): Parsed<{ text: string; end: number }> {
  if (text[start] !== '"') {
    const end = endOfWord(text, start);
    return end === start ? problem(`“${key}=” has no value: write ${key}=value, or ${key}="" for an empty one.`)
      : parsed({ text: text.slice(start, end), end });
  }
  let value = "";
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      if (at + 1 < text.length && !isBlank(text[at + 1]))
        return problem(`${key}=${text.slice(start, endOfWord(text, at))} goes on after the closing quote: put a blank there, or \\" for a quote inside.`);
      return parsed({ text: value, end: at + 1 });
    }
    value += character === "\\" && at + 1 < text.length ? text[++at] : character;
  }
  return problem(`${key}=${text.slice(start)} has no closing quote.`);
}

function endOfWord(text: string, start: number): number {
  let at = start;
  while (at < text.length && !isBlank(text[at])) at++;
  return at;
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length && isBlank(text[at])) at++;
  return at;
}

function isBlank(character: string): boolean {
  return /\s/.test(character);
}
