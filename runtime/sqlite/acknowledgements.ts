/** Continuations that run before the event loop gets a turn: few enough that a timer is not late by what they do. */
const PER_TURN = 200

interface Answers {
  readonly count: number
  readonly tell: (i: number) => void
  told: number
}

/**
 * Tells successes in order, some in each turn of the event loop: a batch may hold thousands, and behind every one there is
 * code that goes on. The first go on to their next append meanwhile, so the database thread is not kept waiting for the last.
 */
export class Acknowledgements {
  readonly #waiting: Answers[] = []

  /** How many are still to be told. */
  get untold(): number {
    let untold = 0
    for (const { count, told } of this.#waiting) untold += count - told
    return untold
  }

  /** `tell` is called once for each number below `count`, the first ones at once if nobody else waits. */
  add(count: number, tell: (i: number) => void): void {
    if (count === 0) return
    this.#waiting.push({ count, tell, told: 0 })
    if (this.#waiting.length === 1) this.#tell()
  }

  readonly #tell = (): void => {
    for (let left = PER_TURN; left > 0; left--) {
      const answers = this.#waiting[0]
      if (answers === undefined) return
      answers.tell(answers.told++)
      if (answers.told === answers.count) this.#waiting.shift()
    }
    if (this.#waiting.length > 0) setImmediate(this.#tell)
  }
}
