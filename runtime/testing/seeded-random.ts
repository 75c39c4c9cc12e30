/**
 * A small random generator whose every run with the same seed gives the same numbers, for tests that must be repeatable.
 * The mixing is Chris Wellons' `lowbias32` over a counter; good enough to explore inputs, not for secrets.
 */
export class SeededRandom {
  #counter: number

  constructor(seed: number) {
    this.#counter = seed >>> 0
  }

  /** A whole number from 0 to 2^32 - 1. */
  uint32(): number {
    this.#counter = (this.#counter + 0x9e37_79b9) >>> 0
    let x = this.#counter
    x = Math.imul(x ^ (x >>> 16), 0x21f0_aaad)
    x = Math.imul(x ^ (x >>> 15), 0x735a_2d97)
    return (x ^ (x >>> 15)) >>> 0
  }

  /** A number from 0 to below 1. */
  next(): number {
    return this.uint32() / 2 ** 32
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** One of the items. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('pick needs at least one item')
    return items[this.below(items.length)] as T
  }

  /** A generator of its own, so that what one part draws does not shift what another draws. */
  fork(): SeededRandom {
    return new SeededRandom(this.uint32())
  }
}
