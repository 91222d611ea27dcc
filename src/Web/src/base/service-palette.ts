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
  { light: "#305ad0", dark: "#257ad9" }, // blue
  { light: "#c7841b", dark: "#ed982c" }, // amber
  { light: "#08827d", dark: "#2ad4bd" }, // teal
  { light: "#532fab", dark: "#af98fe" }, // violet
  { light: "#217201", dark: "#729200" }, // leaf
  { light: "#bb4aa6", dark: "#d15390" }, // pink
  { light: "#0a88cd", dark: "#369dcf" }, // sky
  { light: "#9c7900", dark: "#dec939" }, // gold
  { light: "#7a7dff", dark: "#7385fe" }, // indigo
  { light: "#026a4f", dark: "#78df87" }, // pine
  { light: "#83438f", dark: "#a84fb8" }, // orchid
  { light: "#b28772", dark: "#977257" }, // brown
  { light: "#4d9ea2", dark: "#5cc0db" }, // cyan
  { light: "#424f66", dark: "#97a1ac" }, // slate
];

/** FNV-1a over UTF-16 code units: the same service prefers the same colour in every browser. */
export function paletteIndexOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  // The low bits of FNV are weak for short names; fold the high half in.
  return ((hash ^ (hash >>> 15)) >>> 0) % servicePalette.length;
}
