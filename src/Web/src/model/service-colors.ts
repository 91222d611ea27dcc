import { paletteIndexOf, servicePalette } from "../base/service-palette";

/**
 * Gives each service a colour and keeps it. A service takes the colour its name prefers, or the next free one when a service
 * known earlier has that; so two services share a colour only when there are more services than colours.
 */
export class ServiceColors {
  readonly #indexByName = new Map<string, number>();
  readonly #takenCount = new Uint32Array(servicePalette.length);

  /** Index into the palette. */
  indexOf(service: string): number {
    const known = this.#indexByName.get(service);
    if (known !== undefined) return known;
    const index = this.#leastTakenFrom(paletteIndexOf(service));
    this.#takenCount[index]++;
    this.#indexByName.set(service, index);
    return index;
  }

  /** Makes services known in an order that does not depend on which page was opened first. */
  addAll(services: Iterable<string>): void {
    for (const service of [...services].sort()) this.indexOf(service);
  }

  #leastTakenFrom(preferred: number): number {
    const least = Math.min(...this.#takenCount);
    let index = preferred;
    while (this.#takenCount[index] > least) index = (index + 1) % servicePalette.length;
    return index;
  }
}
