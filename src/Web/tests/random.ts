/** A repeatable source of numbers: a test that fails prints the seed that made it fail. */
export class Random {
  #state: number;

  constructor(readonly seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0, below `bound`. */
  below(bound: number): number {
    // mulberry32
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)];
  }
}

/** Runs a property on many seeds; the first failure names its seed. */
export function forSeeds(count: number, check: (random: Random) => void): void {
  const first = Number(process.env["CLEW_TEST_SEED"] ?? 1);
  for (let seed = first; seed < first + count; seed++)
    try {
      check(new Random(seed));
    } catch (failure) {
      throw new Error(`seed ${seed} (set CLEW_TEST_SEED=${seed} to begin there): ${failure instanceof Error ? failure.message : failure}`, { cause: failure });
    }
}
