/** Time as the engine sees it, so that tests and simulations own it. */
export interface Clock {
  /** Milliseconds since the epoch. May lag real time by one turn of the event loop. */
  now(): number
  /** Calls `fire` once after `delayMs`; the returned function cancels it. Never keeps the OS process alive by itself. */
  setTimer(delayMs: number, fire: () => void): () => void
}
