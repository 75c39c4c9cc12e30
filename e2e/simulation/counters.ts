/** How often each thing happened, so that a test can assert that it did. */
export class Counters {
  readonly #counts: Record<string, number> = {}

  add(what: string, times = 1): void {
    this.#counts[what] = (this.#counts[what] ?? 0) + times
  }

  of(what: string): number {
    return this.#counts[what] ?? 0
  }

  merge(other: Counters): void {
    for (const [what, times] of Object.entries(other.#counts)) this.add(what, times)
  }

  /** One line per thing, sorted by name. */
  toString(): string {
    return Object.entries(this.#counts)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, times]) => `  ${String(times).padStart(9)} ${what}`)
      .join('\n')
  }
}
