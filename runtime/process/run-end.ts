import type { Payload } from '../contracts/journal-entry.ts'

/** How a run ended, for whoever waits for it. */
export type RunEnd =
  | { readonly kind: 'completed'; readonly result: Payload }
  | { readonly kind: 'failed' | 'cancelled'; readonly error: unknown }
  | { readonly kind: 'stuck'; readonly error: unknown }
  /** As stuck, but the journal does not say so: the store, or what it holds, kept this worker from going on. */
  | { readonly kind: 'lost'; readonly error: unknown }
  /** Ownership was lost or given up: someone else goes on. */
  | { readonly kind: 'abandoned' }
  /** The store has it until a message or `wakeAt` wakes it: someone goes on then. */
  | { readonly kind: 'parked'; readonly wakeAt: number | undefined }
  /** To be run again by this worker from its journal: a cancelled body did not end. */
  | { readonly kind: 'restart' }

/** The ends that nothing follows. */
export type FinishedEnd = Exclude<RunEnd, { kind: 'stuck' | 'lost' | 'abandoned' | 'parked' | 'restart' }>

/** Whoever has the instance that a run is of. */
export interface RunOwner {
  ended(end: RunEnd): void
  /** There are messages that the run has not been given. */
  inboxMoved(): void
}
