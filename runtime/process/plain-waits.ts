/**
 * Waits of an instance that no engine drives: real timers, and signals that a test gives it.
 */
import { OutsideProcessError, WaitTimeoutError } from '../contracts/errors.ts'
import { ReceivedSignals } from './received-signals.ts'
import { checkedPayload, type Signal } from './signal.ts'
import { type GivenOptions, signalRequest, sleepRequest } from './wait-request.ts'

interface PlainWait {
  readonly signal: string
  readonly received: (payload: unknown) => void
}

const signals = new WeakMap<object, ReceivedSignals<PlainWait, unknown>>()

function signalsOf(instance: object): ReceivedSignals<PlainWait, unknown> {
  let received = signals.get(instance)
  if (received === undefined) signals.set(instance, (received = new ReceivedSignals()))
  return received
}

/**
 * Gives a signal to a process that a test runs plainly, with no engine: `waitFor` answers it as it does in an app.
 *
 * ```ts
 * const approved = defineSignal<{ by: string }>('approved')
 * const expense = new Expense()
 * const result = expense.execute(120)
 * await signalPlain(expense, approved, { by: 'kim' })
 * await result
 * ```
 * @throws InvalidPayloadError the signal's schema refuses the payload
 */
export async function signalPlain<Payload, Sent>(instance: object, signal: Signal<Payload, Sent>, payload: Sent): Promise<void> {
  const checked = await checkedPayload(signal, payload)
  signalsOf(instance).receive(signal.name, checked)?.received(checked)
}

/** `sleep` by the real clock. */
export async function plainSleep(until: unknown): Promise<void> {
  const now = Date.now()
  const { dueAt } = sleepRequest(until, now)
  await new Promise<void>((resolve) => afterMs(dueAt! - now, resolve))
}

/** `waitFor` what a test gives. */
export async function plainWaitFor(instance: object | undefined, signal: unknown, options?: GivenOptions): Promise<unknown> {
  const { signal: name, timeoutMs } = signalRequest(signal, options, Date.now())
  if (instance === undefined) throw new OutsideProcessError('waitFor')
  const received = signalsOf(instance)
  const kept = received.take(name)
  if (kept !== undefined) return kept.payload
  return new Promise((resolve, reject) => {
    const wait: PlainWait = { signal: name, received: (payload) => (stop(), resolve(payload)) }
    const giveUp = (): void => {
      received.stopWaiting(wait)
      reject(new WaitTimeoutError(name, timeoutMs!))
    }
    const stop = timeoutMs === undefined ? (): void => undefined : afterMs(timeoutMs, giveUp)
    received.wait(wait)
  })
}

export async function plainTryWaitFor(instance: object | undefined, signal: unknown, options?: GivenOptions): Promise<unknown> {
  try {
    return { ok: true, value: await plainWaitFor(instance, signal, options) }
  } catch (error) {
    if (error instanceof WaitTimeoutError) return { ok: false, error }
    throw error
  }
}

/** Longest delay `setTimeout` honours; longer ones are armed in pieces. */
const MAX_TIMEOUT_MS = 0x7fff_ffff

function afterMs(delayMs: number, fire: () => void): () => void {
  let timer: NodeJS.Timeout
  const arm = (leftMs: number): void => {
    const stepMs = Math.min(leftMs, MAX_TIMEOUT_MS)
    timer = setTimeout(() => (leftMs > stepMs ? arm(leftMs - stepMs) : fire()), stepMs)
  }
  arm(Math.max(0, delayMs))
  return () => clearTimeout(timer)
}
