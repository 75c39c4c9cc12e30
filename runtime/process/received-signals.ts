/**
 * Signals of one run between the journal and process code.
 *
 * Invariants
 * 1. A signal goes to the oldest wait for its name, else it is kept for the next one: each to one wait, in the order sent.
 * 2. Who gets which is a function of the order in which entries are shown, so that a replay needs no entry of its own for it.
 */
interface Waiting {
  readonly signal: string | undefined
}

/** Signals of one name that nobody waits for, oldest first; taken from the front without moving the rest. */
interface Kept<Payload> {
  readonly payloads: Payload[]
  taken: number
}

export class ReceivedSignals<Wait extends Waiting, Payload> {
  readonly #waiting = new Map<string, Set<Wait>>()
  readonly #kept = new Map<string, Kept<Payload>>()

  /** A wait for the next signal of its name. */
  wait(call: Wait): void {
    const waiting = this.#waiting.get(call.signal!)
    if (waiting === undefined) this.#waiting.set(call.signal!, new Set([call]))
    else waiting.add(call)
  }

  stopWaiting(call: Wait): void {
    const waiting = this.#waiting.get(call.signal!)
    if (waiting?.delete(call) === true && waiting.size === 0) this.#waiting.delete(call.signal!)
  }

  /** Answers the wait a signal is for; keeps the signal when there is none. */
  receive(name: string, payload: Payload): Wait | undefined {
    const [oldest] = this.#waiting.get(name) ?? []
    if (oldest !== undefined) {
      this.stopWaiting(oldest)
      return oldest
    }
    const kept = this.#kept.get(name)
    if (kept === undefined) this.#kept.set(name, { payloads: [payload], taken: 0 })
    else kept.payloads.push(payload)
    return undefined
  }

  /** Takes the oldest signal of this name that was kept. */
  take(name: string): { readonly payload: Payload } | undefined {
    const kept = this.#kept.get(name)
    if (kept === undefined) return undefined
    const payload = kept.payloads[kept.taken++] as Payload
    if (kept.taken === kept.payloads.length) this.#kept.delete(name)
    return { payload }
  }
}
