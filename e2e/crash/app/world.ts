import { fsyncSync, openSync, writeSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** One request that reached the outside world. */
export interface Effect {
  readonly order: string
  readonly effect: string
  /** What a repeated request and an undisturbed run must have the same. */
  readonly detail: string
  /** Derived time: the same in a repeated request, another in another run. */
  readonly time?: number
  /** Requests with one key have one effect, as with any careful API. */
  readonly key: string
}

/** An effect as the file has it. */
export interface EffectLine extends Effect {
  readonly pid: number
  /** When the worker that made the request began, in milliseconds since the epoch. */
  readonly workerSince: number
}

const workerSince = Date.now()

/** Plays the systems an order calls: whatever reached it stays, whatever becomes of the caller. */
export class World {
  readonly #file: number
  readonly #latencyMs: number

  constructor(path: string, latencyMs: number) {
    this.#file = openSync(path, 'a')
    this.#latencyMs = latencyMs
  }

  async effect(effect: Effect): Promise<void> {
    await delay(Math.random() * this.#latencyMs)
    const line: EffectLine = { ...effect, pid: process.pid, workerSince }
    // Opened for appending and written at once: lines of several processes do not mix, and a kill cuts none.
    writeSync(this.#file, `${JSON.stringify(line)}\n`)
    fsyncSync(this.#file)
    await delay(Math.random() * this.#latencyMs)
  }
}
