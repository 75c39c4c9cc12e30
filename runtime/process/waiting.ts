/**
 * What process code waits with. The compiler replaces the calls; called by any other code they throw, because a wait that is not
 * journaled would be lost with the OS process.
 */
import { OutsideProcessError } from '../contracts/errors.ts'
import type { WaitTimeoutError } from '../contracts/errors.ts'
import type { Signal } from './signal.ts'

/** Options of `waitFor`. */
export interface WaitForOptions {
  /** How long to wait at most, in milliseconds; default: for ever. */
  readonly timeoutMs?: number
}

/** What `tryWaitFor` answers: the payload, or that none came in time. */
export type WaitOutcome<Payload> = { readonly ok: true; readonly value: Payload } | { readonly ok: false; readonly error: WaitTimeoutError }

/**
 * Waits for a time, given as milliseconds from now or as a date, however long and whatever crashes meanwhile. One that has passed
 * is waited for no longer than it takes to note it.
 *
 * ```ts
 * @CatgaProcess()
 * class Reminder {
 *   async execute(order: Order): Promise<void> {
 *     await sleep(3 * 86_400_000)
 *     await this.remind(order.id)
 *   }
 *   @ProcessStep()
 *   private async remind(id: string): Promise<void> { … }
 * }
 * ```
 */
export function sleep(_until: number | Date): Promise<void> {
  return Promise.reject(new OutsideProcessError('sleep'))
}

/**
 * Waits for a signal and answers its payload. Signals that came before are waiting; those of one name are taken in the order sent.
 *
 * ```ts
 * const approved = defineSignal<{ by: string }>('approved')
 *
 * @CatgaProcess()
 * class Expense {
 *   async execute(amount: number): Promise<string> {
 *     const { by } = await waitFor(approved, { timeoutMs: 3 * 86_400_000 })
 *     return `${amount} approved by ${by}`
 *   }
 * }
 * ```
 * Rejects with `WaitTimeoutError` when `timeoutMs` are over.
 */
export function waitFor<Payload>(_signal: Signal<Payload, unknown>, _options?: WaitForOptions): Promise<Payload> {
  return Promise.reject(new OutsideProcessError('waitFor'))
}

/**
 * As `waitFor`; that nothing came in time is a value.
 *
 * ```ts
 * const approved = defineSignal<{ by: string }>('approved')
 *
 * @CatgaProcess()
 * class Expense {
 *   async execute(amount: number): Promise<string> {
 *     const answer = await tryWaitFor(approved, { timeoutMs: 3 * 86_400_000 })
 *     return answer.ok ? `${amount} approved by ${answer.value.by}` : 'nobody answered'
 *   }
 * }
 * ```
 */
export function tryWaitFor<Payload>(
  _signal: Signal<Payload, unknown>,
  _options: WaitForOptions & { readonly timeoutMs: number },
): Promise<WaitOutcome<Payload>> {
  return Promise.reject(new OutsideProcessError('tryWaitFor'))
}
