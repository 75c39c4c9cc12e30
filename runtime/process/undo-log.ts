/**
 * Which completed or attempted steps are to be undone, in which order.
 *
 * Invariants
 * 1. Order is the reverse of completion; a call of unknown outcome counts from its start, a failed one from its failure.
 * 2. A call is undone at most once: `step-compensated` takes it off.
 */
import type { CallId, JournalEntry, Payload, RecordedArgs } from '../contracts/journal-entry.ts'
import { callKey } from '../contracts/journal-entry.ts'
import type { StepManifest } from './manifest.ts'

/** A call as the journal names its step. */
export type JournaledStep = Pick<CallId, 'site'> & { readonly method: string }

/** What of a process definition the log needs. */
export interface UndoableSteps {
  readonly hasUndos: boolean
  stepOf(call: JournaledStep): StepManifest | undefined
}

export interface Undo extends CallId {
  readonly method: string
  readonly args: RecordedArgs
  /** Absent when the call is not known to have completed. */
  readonly completed: { readonly result: Payload } | undefined
}

export class UndoLog {
  readonly #steps: UndoableSteps
  /** In order of the entry that counts; a later entry of the same call moves it to the end. */
  #undos: Map<string, Undo> | undefined
  #failures: Map<string, number> | undefined

  constructor(steps: UndoableSteps) {
    this.#steps = steps
  }

  observe(entry: JournalEntry): void {
    switch (entry.kind) {
      case 'step-started':
      case 'step-completed':
      case 'step-failed':
        return this.#observeStep(entry)
      case 'step-compensated':
        this.#undos?.delete(callKey(entry))
        this.#failures?.delete(callKey(entry))
        return
      case 'undo-attempt-failed':
        ;(this.#failures ??= new Map()).set(callKey(entry), entry.attempt)
        return
      case 'resumed':
        this.#failures = undefined
        return
      default:
    }
  }

  /** What is left to undo, in the order to do it. */
  remaining(): readonly Undo[] {
    return [...(this.#undos?.values() ?? [])].toReversed()
  }

  get isEmpty(): boolean {
    return this.#undos === undefined || this.#undos.size === 0
  }

  failedAttempts(undo: Undo): number {
    return this.#failures?.get(callKey(undo)) ?? 0
  }

  #observeStep(entry: Extract<JournalEntry, { kind: 'step-started' | 'step-completed' | 'step-failed' }>): void {
    if (!this.#steps.hasUndos) return
    const step = this.#steps.stepOf(entry)
    if (step?.compensate === undefined) return
    if (entry.kind === 'step-failed' && step.compensateWhen !== 'attempted') return
    const key = callKey(entry)
    const { scope, site, n, method, args } = entry
    const undos = (this.#undos ??= new Map())
    undos.delete(key)
    undos.set(key, { scope, site, n, method, args, completed: entry.kind === 'step-completed' ? { result: entry.result } : undefined })
  }
}
