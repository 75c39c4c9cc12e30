import type { Clock } from '../contracts/clock.ts'

export interface Wait {
  readonly over: Promise<void>
  /** Ends it early. */
  readonly stop: () => void
}

/** Waits that end with the run at the latest: no timer of a run outlives it. */
export class Waits {
  readonly #clock: Clock
  readonly #stops = new Set<() => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  begin(delayMs: number): Wait {
    let stop: () => void = () => undefined
    const over = new Promise<void>((resolve) => {
      const stopTimer = this.#clock.setTimer(delayMs, () => stop())
      stop = () => {
        stopTimer()
        this.#stops.delete(stop)
        resolve()
      }
      this.#stops.add(stop)
    })
    return { over, stop }
  }

  stopAll(): void {
    for (const stop of this.#stops) stop()
  }
}
