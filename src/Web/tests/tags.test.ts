import { expect, test } from "vitest";
import { formatTags, parseTags, type Tag } from "../src/model/tags";
import { forSeeds } from "./random";

test.each<[string, Tag[]]>([
  ["", []],
  ["error=true", [["error", "true"]]],
  ["  a=1   b=2 ", [["a", "1"], ["b", "2"]]],
  ['key="v 2"', [["key", "v 2"]]],
  ['key="say \\"hi\\" \\\\ bye"', [["key", 'say "hi" \\ bye']]],
  ['key=""', [["key", ""]]],
  ["a:b=c:d", [["a:b", "c:d"]]],
  ["url=http://host/?q=1", [["url", "http://host/?q=1"]]],
])("the tags %s are read", (text, tags) => expect(parseTags(text)).toEqual({ ok: true, value: tags }));

test.each([
  ["error", "“error” has no value: write error=value."],
  ["error:true", "“error:true” has no value: write error=value."],
  ["a=1 b", "“b” has no value"],
  ["=x", "“=x” has no key"],
  ["a=", '“a=” has no value: write a=value, or a="" for an empty one.'],
  ['a="x', 'a="x has no closing quote.'],
  ['a="x"y', "goes on after the closing quote"],
  ['"a b"=c', "only values take quotes"],
])("the tags %s are refused: %s", (text, reason) => expect(parseTags(text)).toMatchObject({ ok: false, problem: expect.stringContaining(reason) }));

test("tags written are read back unchanged", () =>
  forSeeds(500, (random) => {
    const word = (letters: string, least: number) => Array.from({ length: least + random.below(6) }, () => random.pick([...letters])).join("");
    const tags = Array.from({ length: random.below(4) }, (): Tag => [word("ab.c-1:%", 1), word('xy "\\=\t:é', 0)]);
    expect(parseTags(formatTags(tags))).toEqual({ ok: true, value: tags });
  }));
