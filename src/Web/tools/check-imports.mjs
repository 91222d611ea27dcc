// The folders are the architecture: base ← api ← model ← views. A file may import from its own folder and from those left of it.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const layers = ["base", "api", "model", "views"];

/** Finds every import in the sources below `root` that points to a layer right of its own. */
export function findWrongImports(root) {
  const wrong = [];
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.tsx?$/.test(entry.name)) continue;
    const file = join(entry.parentPath ?? entry.path, entry.name);
    const layer = layerOf(root, file);
    if (layer < 0) continue; // main.tsx wires the layers together.
    for (const [, specifier] of readFileSync(file, "utf8").matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)["'](\.[^"']*)["']/g)) {
      const target = layerOf(root, resolve(dirname(file), specifier));
      if (target < 0 || target > layer)
        wrong.push(`${relative(root, file)} imports ${specifier}: ${layers[layer]} may import only from ${layers.slice(0, layer + 1).join(", ")}`);
    }
  }
  return wrong;
}

function layerOf(root, path) {
  return layers.indexOf(relative(root, path).split(sep)[0]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wrong = findWrongImports(fileURLToPath(new URL("../src", import.meta.url)));
  for (const line of wrong) console.error(line);
  if (wrong.length > 0) process.exit(1);
}
