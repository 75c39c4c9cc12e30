import type { Clock } from '../contracts/clock.ts'

/** Reads of the cached time before the real clock is asked again even within one turn of the event loop. */
const READS_PER_LOOK = 32

/**
 * Real time, cheap to read in a hot loop.
 *
 * Invariants
 * 1. `now()` is never older than the current turn of the event loop: the first read of a turn looks at the real clock.
 * 2. Within a turn the real clock is looked at again after 32 reads, so long synchronous work is not frozen in time.
 * 3. `now()` never goes backwards: when the system clock is set back it stands still until real time has caught up,
 *    at most `MAX_STANDSTILL_MS`; a larger step back is followed, since leases and timers would otherwise hang.
 * 4. Timers do not keep the OS process alive. The immediate that ends a cached reading is not unref'd on purpose: an
 *    unref'd one would let the event loop sleep in the kernel first, and what wakes it would read the time of before.
 */
export class SystemClock implements Clock {
  #now = 0
  #reads = 0
  #forgetting = false

  now(): number {
    if (this.#reads > 0) {
      this.#reads--
      return this.#now
    }
    return this.#look()
  }

  setTimer(delayMs: number, fire: () => void): () => void {
    let timer: NodeJS.Timeout
    const arm = (leftMs: number): void => {
      const stepMs = Math.min(leftMs, MAX_TIMEOUT_MS)
      timer = setTimeout(() => (leftMs > stepMs ? arm(leftMs - stepMs) : fire()), stepMs)
      timer.unref()
    }
    arm(Math.max(0, delayMs))
    return () => clearTimeout(timer)
  }

  #look(): number {
    const real = Date.now()
    if (real > this.#now || this.#now - real > MAX_STANDSTILL_MS) this.#now = real
    this.#reads = READS_PER_LOOK - 1
    if (!this.#forgetting) {
      this.#forgetting = true
      setImmediate(this.#forget)
    }
    return this.#now
  }

  readonly #forget = (): void => {
    this.#reads = 0
    this.#forgetting = false
  }
}

/** Longest delay `setTimeout` honours; longer ones are armed in pieces. */
const MAX_TIMEOUT_MS = 0x7fff_ffff

const MAX_STANDSTILL_MS = 1000
