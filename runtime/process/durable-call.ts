import type { CallId } from '../contracts/journal-entry.ts'
import type { CancelledError } from '../contracts/errors.ts'
import type { SiteManifest } from './manifest.ts'
import type { Outcome } from './replay.ts'

/** What a call ended with, in the form process code gets it. */
export type CallOutcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown }

/** A call in process code that the journal answers: of a step, or a wait. */
export interface DurableCall extends CallId {
  readonly manifestSite: SiteManifest
  /** Process code has its outcome. Only a wait can meet a second one: its signal came and its time is up. */
  readonly isSettled: boolean
  /** Does what the call is for; called once, live, when the journal has no outcome for it. */
  begin(): void
  /** Shows process code what came of it. */
  settle(outcome: CallOutcome): void
  /** The outcome an entry of this call's own stands for; nothing when it does not fit the call, and then the run is faulted. */
  outcomeOf(entry: Outcome): CallOutcome | undefined
  /** Asks what is under way for the call to end: process code gets `reason` instead. */
  cancel(reason: CancelledError): void
  /** Ends what costs something while nobody can see the outcome any more: timers. */
  drop(): void
}

/** A promise of its own each time: one that all shared would keep whatever ever waited for it. */
export function never(): Promise<never> {
  return new Promise<never>(() => undefined)
}
