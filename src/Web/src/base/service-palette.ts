/** One colour of the palette, as #rrggbb, for each theme. */
export interface PaletteColor {
  readonly light: string;
  readonly dark: string;
}

/**
 * The colours of services. Red is missing on purpose: it means error. Hue alone does not carry the difference, lightness helps,
 * so that the colours stay apart for readers who see two of three primaries, and each keeps a contrast of 3:1 to its
 * theme's background: tests/service-palette.test.ts simulates and measures both.
 */
export const servicePalette: readonly PaletteColor[] = [
  { light: "#1f54ad", dark: "#4565b7" }, // blue
  { light: "#b66700", dark: "#bb6b02" }, // amber
  { light: "#2ba38c", dark: "#1db499" }, // teal
  { light: "#4c2d8f", dark: "#8670d4" }, // violet
  { light: "#3b6500", dark: "#52904d" }, // leaf
  { light: "#974187", dark: "#b7487c" }, // pink
  { light: "#0595dd", dark: "#5893b7" }, // sky
  { light: "#ad8b00", dark: "#edbd31" }, // gold
  { light: "#6d62c9", dark: "#9bb5ff" }, // indigo
  { light: "#0e7d5f", dark: "#78e095" }, // pine
  { light: "#bc6bbf", dark: "#c082e7" }, // orchid
  { light: "#5e3d13", dark: "#87613b" }, // brown
  { light: "#478696", dark: "#0f7b8f" }, // cyan
  { light: "#7e8b5e", dark: "#9b9d3c" }, // olive
  { light: "#4c5a66", dark: "#bfc8d6" }, // slate
  { light: "#603355", dark: "#d39cc3" }, // plum
];

/** FNV-1a over UTF-16 code units: the same service prefers the same colour in every browser. */
export function paletteIndexOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  // The low bits of FNV are weak for short names; fold the high half in.
  return ((hash ^ (hash >>> 15)) >>> 0) % servicePalette.length;
}
