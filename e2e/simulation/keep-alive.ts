/** Delays from this on are no timers that anybody waits for. */
const FOREVER_MS = 2 ** 29

type SetInterval = typeof globalThis.setInterval

/**
 * Stands in for the one real timer the engine has: the interval by which an open worker keeps its OS process alive. A worker
 * that a simulation crashes can end none, and would leave it for good.
 */
export class KeepAlive {
  readonly #tokens = new Set<unknown>()
  readonly #setInterval = globalThis.setInterval
  readonly #clearInterval = globalThis.clearInterval

  /** How many workers keep the OS process alive. */
  get open(): number {
    return this.#tokens.size
  }

  install(): void {
    const stand = (handler: () => void, delayMs?: number): unknown => {
      if (delayMs === undefined || delayMs < FOREVER_MS) return this.#setInterval(handler, delayMs)
      const token = { handler }
      this.#tokens.add(token)
      return token
    }
    globalThis.setInterval = stand as SetInterval
    globalThis.clearInterval = (token) => {
      if (!this.#tokens.delete(token)) this.#clearInterval(token)
    }
  }

  uninstall(): void {
    globalThis.setInterval = this.#setInterval
    globalThis.clearInterval = this.#clearInterval
  }
}
