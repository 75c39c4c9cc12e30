import type { Clock } from '../../runtime/contracts/clock.ts'
import type { VirtualTime } from './virtual-time.ts'

/** Real clocks do not begin at zero, and one that is set back must not go below it. */
const EPOCH_MS = Date.UTC(2030, 0, 1)

/**
 * The computer a worker or a client runs on: its clock, and whatever is to happen on it.
 *
 * Invariants
 * 1. Nothing happens on a machine that is paused until it goes on; then all of it does, in the order it was due.
 * 2. Nothing ever happens on a machine that is dead.
 * 3. A jump of the clock moves what `now` answers and no timer, as on a real machine.
 */
export class Machine implements Clock {
  readonly name: string
  state: 'up' | 'paused' | 'dead' = 'up'
  /** Timers set and neither fired nor cancelled. */
  timers = 0
  /** Bodies with a timeout that run here: their timers last as long as they do. */
  slowBodies = 0
  /** When it last went on after a pause. */
  resumedAt = -Infinity
  #offsetMs = 0
  #missed: (() => void)[] = []
  readonly #time: VirtualTime

  constructor(name: string, time: VirtualTime) {
    this.name = name
    this.#time = time
  }

  now(): number {
    return EPOCH_MS + this.#time.now + this.#offsetMs
  }

  setTimer(delayMs: number, fire: () => void): () => void {
    let pending = true
    this.timers++
    const end = (): boolean => {
      if (!pending) return false
      pending = false
      this.timers--
      return true
    }
    const cancel = this.after(delayMs, () => {
      if (end()) fire()
    })
    return () => {
      if (end()) cancel()
    }
  }

  /** Does something on this machine after a delay. */
  after(delayMs: number, work: () => void): () => void {
    let cancelled = false
    const due = (): void => {
      if (cancelled || this.state === 'dead') return
      if (this.state === 'paused') this.#missed.push(due)
      else work()
    }
    const cancel = this.#time.schedule(delayMs, due)
    return () => {
      cancelled = true
      cancel()
    }
  }

  jump(byMs: number): void {
    this.#offsetMs += byMs
  }

  pause(): void {
    if (this.state === 'up') this.state = 'paused'
  }

  resume(): void {
    if (this.state !== 'paused') return
    this.state = 'up'
    this.resumedAt = this.#time.now
    const missed = this.#missed
    this.#missed = []
    for (const work of missed) this.after(0, work)
  }

  crash(): void {
    this.state = 'dead'
    this.#missed = []
  }
}
