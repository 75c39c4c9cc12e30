import type { Parking } from './parking.ts'

/** Runs of one worker that do nothing but wait, oldest first: places that others may have. */
export class IdleRuns {
  /** How long a run does nothing but wait before it is parked, in milliseconds. */
  readonly afterMs: number
  /** Whether runs wait for a place. */
  isCrowded = false
  readonly #idle = new Set<Parking>()

  constructor(afterMs: number) {
    this.afterMs = afterMs
  }

  add(parking: Parking): void {
    this.#idle.add(parking)
  }

  delete(parking: Parking): void {
    this.#idle.delete(parking)
  }

  /** Parks the one that has waited longest, if there is one. */
  parkOne(): void {
    const [oldest] = this.#idle
    oldest?.parkNow()
  }
}
