/** The word at the end of a query, taken apart for completion. */
export interface LastWord {
  readonly before: string;
  /** What is compared; the whole word while nothing is. */
  readonly key: string;
  /** The comparison, and a quote behind it; absent while a key is being typed. */
  readonly comparison?: string;
  readonly value: string;
}

/** Keys with a meaning of their own in the simple form. */
const fields = ["service", "operation", "duration", "status", "error", "kind", "trace"];

const suggestionsMax = 20;

export function lastWordOf(text: string): LastWord {
  const [, before, word] = /^([\s\S]*[\s{(,|&])?([^\s{(,|&]*)$/.exec(text) ?? ["", "", text];
  const compared = /^([^=!<>~]+)([=!<>~]+"?)(.*)$/.exec(word);
  return compared
    ? { before: before ?? "", key: compared[1], comparison: compared[2], value: compared[3] }
    : { before: before ?? "", key: word, value: "" };
}

/** The whole text with its last word completed, in each of the ways there are. */
export function completeKeys({ before, key }: LastWord, names: readonly string[]): readonly string[] {
  if (key === "") return [];
  return [...new Set([...fields, ...names])].filter((name) => name.startsWith(key) && name !== key).sort().slice(0, suggestionsMax).map((name) => before + name);
}

export function completeValues({ before, key, comparison = "=" }: LastWord, values: readonly string[]): readonly string[] {
  const operator = comparison.replace('"', "");
  return values.slice(0, suggestionsMax).map((value) => `${before}${key}${operator}${/[\s"'`|]|^$/.test(value) || comparison.endsWith('"') ? JSON.stringify(value) : value}`);
}
