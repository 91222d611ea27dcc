import { expect, test } from "vitest";
import { servicePalette } from "../src/base/service-palette";
import { ServiceColors } from "../src/model/service-colors";

type Triple = readonly [number, number, number];

const backgrounds = { light: "#ffffff", dark: "#11141a" } as const;

/** Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB. */
const vision: Readonly<Record<string, readonly Triple[]>> = {
  "full colour vision": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
};

for (const theme of ["light", "dark"] as const) {
  test(`on ${theme}, every service colour has a contrast of 3:1 to the background`, () => {
    for (const color of servicePalette) expect(contrast(linear(color[theme]), linear(backgrounds[theme])), color[theme]).toBeGreaterThanOrEqual(3);
  });

  for (const [name, matrix] of Object.entries(vision))
    test(`on ${theme}, with ${name}, no two service colours look alike`, () => {
      const seen = servicePalette.map((color) => oklab(matrix.map((line) => clamp(dot(line, linear(color[theme])))) as unknown as Triple));
      for (let one = 0; one < seen.length; one++)
        for (let other = 0; other < one; other++)
          expect(Math.hypot(...seen[one].map((value, axis) => value - seen[other][axis])), `${servicePalette[one][theme]} ${servicePalette[other][theme]}`).toBeGreaterThan(0.05);
    });
}

test("services share a colour only when there are more services than colours", () => {
  const colors = new ServiceColors();
  const indices = Array.from({ length: servicePalette.length }, (_, index) => colors.indexOf(`service ${index}`));
  expect(new Set(indices).size).toBe(servicePalette.length);
  expect(servicePalette[colors.indexOf("one more")]).toBeDefined();
});

test("a service keeps its colour, and a set of services gets the same colours in any order", () => {
  const [one, other] = [new ServiceColors(), new ServiceColors()];
  one.addAll(["api", "db", "cache"]);
  other.addAll(["cache", "api", "db"]);
  for (const service of ["api", "db", "cache"]) expect(one.indexOf(service)).toBe(other.indexOf(service));
});

function linear(hex: string): Triple {
  return [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as unknown as Triple;
}

function contrast(one: Triple, other: Triple): number {
  const [darker, lighter] = [one, other].map((color) => dot([0.2126, 0.7152, 0.0722], color)).sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function oklab(color: Triple): Triple {
  const [l, m, s] = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]]
    .map((line) => Math.cbrt(dot(line as unknown as Triple, color)));
  const lms: Triple = [l, m, s];
  return [dot([0.2104542553, 0.793617785, -0.0040720468], lms), dot([1.9779984951, -2.428592205, 0.4505937099], lms), dot([0.0259040371, 0.7827717662, -0.8086757660], lms)];
}

function dot(one: Triple, other: Triple): number {
  return one[0] * other[0] + one[1] * other[1] + one[2] * other[2];
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
