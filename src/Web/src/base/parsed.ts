/** What reading a person's input gives: a value, or a sentence that says what is wrong and how to put it right. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function problem<T>(text: string): Parsed<T> {
  return { ok: false, problem: text };
}
