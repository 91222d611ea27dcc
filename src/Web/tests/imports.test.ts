import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findWrongImports } from "../tools/check-imports.mjs";

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "imports-"))));
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
}

test("imports to the left are allowed", () => {
  write("views/deep/page.tsx", 'import { a } from "../../base/a";\nimport type { b } from "../other";\nimport "../styles.css";');
  write("model/b.ts", 'export { a } from "../base/a";');
  expect(findWrongImports(root)).toEqual([]);
});

test.each([
  ["base/a.ts", 'import { b } from "../model/b";'],
  ["api/a.ts", 'import type { b } from "../model/b";'],
  ["model/a.ts", 'export * from "../views/page";'],
  ["model/a.ts", 'const page = await import("../views/page");'],
  ["base/a.ts", 'import "../main";'],
])("%s with %s is found", (path, text) => {
  write(path, text);
  expect(findWrongImports(root)).toHaveLength(1);
});
