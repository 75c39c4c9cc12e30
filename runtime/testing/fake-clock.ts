import type { Clock } from '../contracts/clock.ts'

interface FakeTimer {
  readonly dueAt: number
  readonly fire: () => void
}

/**
 * A clock that stands still until it is told to advance.
 *
 * ```ts
 * const clock = new FakeClock(0)
 * clock.setTimer(1000, () => console.log('a second later'))
 * clock.advance(1000)
 * ```
 */
export class FakeClock implements Clock {
  #now: number
  readonly #timers = new Set<FakeTimer>()

  /** @param now milliseconds since the epoch */
  constructor(now = Date.UTC(2030, 0, 1)) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  setTimer(delayMs: number, fire: () => void): () => void {
    const timer: FakeTimer = { dueAt: this.#now + Math.max(0, delayMs), fire }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** When the next timer is due; `undefined` when none is set. */
  get nextTimerAt(): number | undefined {
    return this.#earliest()?.dueAt
  }

  /** Moves time on and fires what became due, in order of time, each at its own time. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (let next = this.#earliest(); next !== undefined && next.dueAt <= end; next = this.#earliest()) {
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.dueAt)
      next.fire()
    }
    this.#now = end
  }

  #earliest(): FakeTimer | undefined {
    let earliest: FakeTimer | undefined
    for (const timer of this.#timers) if (earliest === undefined || timer.dueAt < earliest.dueAt) earliest = timer
    return earliest
  }
}
