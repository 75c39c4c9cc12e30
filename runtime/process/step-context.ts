/**
 * What a step body may know of the attempt it is in.
 */
import { randomUUID } from 'node:crypto'

/**
 * The attempt a step body is in, as `stepContext()` answers it.
 */
export interface StepContext {
  /** The same for every attempt of this call, for ever: hand it to systems that can recognise a repeated request. */
  readonly idempotencyKey: string
  /** 1 for the first attempt. */
  readonly attempt: number
  /** Aborted when the attempt timed out, the process was cancelled or has ended. */
  readonly signal: AbortSignal
}

/** The engine's side of a `StepContext`; the abort controller exists only for bodies that ask for the signal. */
export class StepControl implements StepContext {
  readonly attempt: number
  readonly #key: () => string
  #controller: AbortController | undefined
  #aborted: { readonly reason: unknown } | undefined

  constructor(attempt: number, key: () => string) {
    this.attempt = attempt
    this.#key = key
  }

  get idempotencyKey(): string {
    return this.#key()
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason)
    }
    return this.#controller.signal
  }

  abort(reason: unknown): void {
    this.#aborted ??= { reason }
    this.#controller?.abort(reason)
  }
}

/** The context of a step that no engine drives: one attempt, a random key, never aborted. */
export function plainContext(): StepContext {
  return { idempotencyKey: randomUUID(), attempt: 1, signal: new AbortController().signal }
}
