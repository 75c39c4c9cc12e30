import type { LiveOutput } from '../command.ts'

const STEP = 50

/** One line of a terminal that says how far a build has come. */
export class Progress {
  readonly #live: LiveOutput
  readonly #total: number
  #done = 0

  constructor(live: LiveOutput, total: number) {
    this.#live = live
    this.#total = total
  }

  step(): void {
    this.#done++
    if (this.#done % STEP === 0) this.#live.printError(`\r${this.#done} of ${this.#total} files`)
  }

  clear(): void {
    if (this.#done >= STEP) this.#live.printError('\r\u001B[2K')
  }
}
