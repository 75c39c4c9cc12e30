interface Scheduled {
  readonly at: number
  readonly order: number
  readonly fire: () => void
  cancelled: boolean
}

/**
 * Time that moves only from one scheduled event to the next.
 *
 * Invariants
 * 1. Events fire in order of time, those of one time in the order they were scheduled.
 * 2. `now` is the time of the event that fires and never goes back.
 */
export class VirtualTime {
  now = 0
  #order = 0
  readonly #heap: Scheduled[] = []

  /** Calls `fire` after `delayMs`; the returned function cancels it. */
  schedule(delayMs: number, fire: () => void): () => void {
    const event: Scheduled = { at: this.now + Math.max(0, delayMs), order: this.#order++, fire, cancelled: false }
    this.#push(event)
    return () => {
      event.cancelled = true
    }
  }

  /** Fires the next event; false when there is none. */
  step(): boolean {
    for (let event = this.#pop(); event !== undefined; event = this.#pop()) {
      if (event.cancelled) continue
      this.now = event.at
      event.fire()
      return true
    }
    return false
  }

  #push(event: Scheduled): void {
    const heap = this.#heap
    let at = heap.length
    while (at > 0) {
      const above = (at - 1) >> 1
      if (before(heap[above]!, event)) break
      heap[at] = heap[above]!
      at = above
    }
    heap[at] = event
  }

  #pop(): Scheduled | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return first
    let at = 0
    for (let below = 1; below < heap.length; below = 2 * at + 1) {
      if (below + 1 < heap.length && before(heap[below + 1]!, heap[below]!)) below++
      if (before(last, heap[below]!)) break
      heap[at] = heap[below]!
      at = below
    }
    heap[at] = last
    return first
  }
}

function before(a: Scheduled, b: Scheduled): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
