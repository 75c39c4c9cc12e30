/**
 * Runs work when the microtask queue is empty: what process code could do with what it has, it has done.
 *
 * Invariants
 * 1. A run's `pump` is called with no microtask pending, and at most once per `scheduleDrain`.
 * 2. Runs share a drain, so its cost (about a microsecond) is shared too.
 * 3. Timers and I/O are not starved: every `ROUNDS_PER_TURN` drains the event loop gets a turn.
 */

export interface Pumped {
  pump(): void
  drainScheduled: boolean
}

const ROUNDS_PER_TURN = 512

let due: Pumped[] = []
let scheduled = false
let rounds = 0

/** Calls `run.pump()` once the microtask queue is empty. */
export function scheduleDrain(run: Pumped): void {
  if (run.drainScheduled) return
  run.drainScheduled = true
  due.push(run)
  if (scheduled) return
  scheduled = true
  // A tick queued from inside a tick would run before the microtasks between them; queued from a microtask it runs after all.
  queueMicrotask(afterMicrotasks)
}

function afterMicrotasks(): void {
  if (++rounds % ROUNDS_PER_TURN === 0) setImmediate(flush)
  else process.nextTick(flush)
}

function flush(): void {
  const batch = due
  due = []
  scheduled = false
  for (const run of batch) {
    run.drainScheduled = false
    run.pump()
  }
}

const STEPS_PER_TURN = 2048
let steps = 0

/** True every `STEPS_PER_TURN` calls: steps that never leave the microtask queue must let the event loop turn too. */
export function owesTurn(): boolean {
  return (++steps & (STEPS_PER_TURN - 1)) === 0
}

/** Resolves after the event loop had a turn. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
