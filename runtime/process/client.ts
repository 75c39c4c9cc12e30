/**
 * What can be done with instances from outside, with no process code: start, follow, cancel, resume, list, delete.
 */
import { randomUUID } from 'node:crypto'
import { canonicalEqual } from '../codec/canonical.ts'
import type { Codec } from '../contracts/codec.ts'
import { CatgaError, InputConflictError, InvalidIdError, ProcessFinishedError, ProcessNotFoundError } from '../contracts/errors.ts'
import type { JournalEntry, Payload } from '../contracts/journal-entry.ts'
import type { DeleteOutcome, InboxMessage, InstanceRef, InstanceSummary, JournalStore, ListOptions } from '../contracts/journal-store.ts'
import { isFinished, MAX_ID_LENGTH } from '../contracts/journal-store.ts'
import type { Clock } from '../contracts/clock.ts'
import type { ErrorRecorder } from './error-record.ts'
import { readEnd, type Settled, unwrap } from './outcome.ts'
import { checkedPayload, checkSignalName, type Signal } from './signal.ts'
import type { InputOf, ProcessLike, ResultOf, SendOptions, StartOptions, Try, WaitOptions } from './types.ts'

export interface ClientServices {
  readonly store: JournalStore
  readonly codec: Codec
  readonly clock: Clock
  readonly errors: ErrorRecorder
  /** Told of every message that this client has given to the store, and again when it is delivered. */
  readonly delivering?: (ref: InstanceRef, stage: 'sent' | 'delivered') => void
}

/** A running, waiting or finished instance. */
export class ProcessHandle<R> implements InstanceRef {
  readonly process: string
  readonly id: string
  readonly #client: Client
  readonly #local: (() => Promise<Settled | undefined>) | undefined

  /** @internal */
  constructor(client: Client, ref: InstanceRef, local?: () => Promise<Settled | undefined>) {
    this.process = ref.process
    this.id = ref.id
    this.#client = client
    this.#local = local
  }

  /**
   * Waits for the end and answers what `execute` answered.
   * @throws ProcessFailedError `execute` threw; its error is the `cause`, completed steps have been undone
   * @throws CancelledError the instance was cancelled
   * @throws ProcessStuckError it waits for an operator or other code
   * @throws ProcessNotFoundError there is no such instance
   */
  async result(options: WaitOptions = {}): Promise<R> {
    const end =
      (await withSignal(this.#local?.() ?? Promise.resolve(undefined), options.signal)) ?? (await this.#client.waitForEnd(this, options))
    return this.#client.unwrap(this, end) as R
  }

  /** As `result`, without throwing: the error comes as a value. */
  async tryResult(options: WaitOptions = {}): Promise<Try<R>> {
    return attempt(() => this.result(options))
  }

  /** @throws ProcessNotFoundError there is no such instance */
  async status(): Promise<InstanceSummary> {
    const summary = await this.#client.get(this)
    if (summary === undefined) throw new ProcessNotFoundError(this.process, this.id)
    return summary
  }

  /** Asks the instance to end: a `CancelledError` at its next durable call, then its undos. Answers false when it had ended. */
  cancel(reason: string): Promise<boolean> {
    return this.#client.cancel(this, reason)
  }

  /**
   * Sends a signal, which its `waitFor` answers. It waits for that as long as it has to.
   * @throws InvalidPayloadError the signal's schema refuses the payload
   * @throws NotSerializableError the payload does not survive the journal
   * @throws ProcessNotFoundError there is no such instance
   * @throws ProcessFinishedError it has ended
   */
  signal<Payload, Sent>(signal: Signal<Payload, Sent>, payload: Sent, options?: SendOptions): Promise<void> {
    return this.#client.signal(this, signal, payload, options)
  }
}

/** A process named, not imported: typed by `import type`. */
export interface RemoteProcess<P extends ProcessLike> {
  /** @throws InputConflictError the id is taken by an instance with another input */
  start(input: InputOf<P>, options?: StartOptions): Promise<ProcessHandle<ResultOf<P>>>
  handle(id: string): ProcessHandle<ResultOf<P>>
}

const KEEP_ALIVE_MS = 2 ** 30

/** Starts, follows and looks after instances with no code of theirs. Made by `createClient`; an app has one as `app.client`. */
export class Client {
  readonly #services: ClientServices

  /** @internal use `createClient` */
  constructor(services: ClientServices) {
    this.#services = services
  }

  /**
   * Starts and follows processes by name; some worker with the code runs them.
   * `client.process<OrderProcess>('OrderProcess').start(order, { id: order.id })`
   */
  process<P extends ProcessLike>(name: string): RemoteProcess<P> {
    return {
      start: async (input, options = {}) => {
        const id = options.id ?? randomUUID()
        const ref = checkedRef(name, id)
        const payload = this.#services.codec.encode(input, `input of process "${name}"`)
        const outcome = await this.#services.store.start({ ...ref, input: payload, at: this.#services.clock.now() })
        if (!outcome.created) this.checkInput(ref, outcome.input, payload)
        return new ProcessHandle<ResultOf<P>>(this, ref)
      },
      handle: (id) => new ProcessHandle<ResultOf<P>>(this, checkedRef(name, id)),
    }
  }

  get(ref: InstanceRef): Promise<InstanceSummary | undefined> {
    return this.#services.store.get(ref)
  }

  list(options?: ListOptions): AsyncIterable<InstanceSummary> {
    return this.#services.store.list(options)
  }

  /** The journal of an instance, oldest entry first. */
  read(ref: InstanceRef, options?: { readonly run?: number }): AsyncIterable<JournalEntry> {
    return this.#services.store.read(ref, options)
  }

  /** A journaled value as it was. */
  decode(payload: Payload): unknown {
    return this.#services.codec.decode(payload, 'payload')
  }

  /** @throws ProcessNotFoundError @returns false when the instance had ended */
  cancel(ref: InstanceRef, reason: string): Promise<boolean> {
    return this.#deliver(ref, { kind: 'cancel', id: randomUUID(), reason })
  }

  /**
   * Sends a signal to an instance. One that is known only by name is sent as it is given: there is no schema to check it with.
   * @throws InvalidPayloadError @throws NotSerializableError @throws ProcessNotFoundError @throws ProcessFinishedError
   * see `ProcessHandle.signal`
   */
  async signal<Payload, Sent>(
    ref: InstanceRef,
    signal: Signal<Payload, Sent> | string,
    payload: Sent,
    options: SendOptions = {},
  ): Promise<void> {
    const name = typeof signal === 'string' ? signal : signal.name
    checkSignalName(name)
    const checked = typeof signal === 'string' ? payload : await checkedPayload(signal, payload)
    const { messageId: id = randomUUID() } = options
    const message = { kind: 'signal', id, name, payload: this.#services.codec.encode(checked, `payload of signal "${name}"`) } as const
    if (!(await this.#deliver(ref, message))) throw new ProcessFinishedError(ref.process, ref.id, `signal "${name}"`)
  }

  /** Lets a stuck instance go on. @throws ProcessNotFoundError @returns false when the instance was not stuck */
  async resume(ref: InstanceRef): Promise<boolean> {
    const summary = await this.get(ref)
    if (summary !== undefined && summary.status !== 'stuck') return false
    return this.#deliver(ref, { kind: 'resume', id: randomUUID() })
  }

  /** Removes a finished instance. */
  delete(ref: InstanceRef): Promise<DeleteOutcome> {
    return this.#services.store.delete(ref)
  }

  /** @internal */
  checkInput(ref: InstanceRef, existing: Payload, given: Payload): void {
    if (!canonicalEqual(existing, given)) throw new InputConflictError(ref.process, ref.id)
  }

  /** @internal */
  unwrap(ref: InstanceRef, end: Settled): unknown {
    return unwrap(ref, end, this.#services.codec)
  }

  /** @internal Waits until the store says the instance has ended or is stuck. */
  async waitForEnd(ref: InstanceRef, { signal }: WaitOptions): Promise<Settled> {
    // A program that does nothing but wait for a result must not end before there is one.
    const keepAlive = setInterval(() => undefined, KEEP_ALIVE_MS)
    try {
      return await this.#untilEnd(ref, signal)
    } finally {
      clearInterval(keepAlive)
    }
  }

  async #untilEnd(ref: InstanceRef, signal: AbortSignal | undefined): Promise<Settled> {
    const { store, errors } = this.#services
    for (;;) {
      let stop: () => void = () => undefined
      const settled = new Promise<void>((resolve) => {
        stop = store.onSettled(ref, resolve)
      })
      try {
        const summary = await store.get(ref)
        if (summary === undefined) throw new ProcessNotFoundError(ref.process, ref.id)
        if (isFinished(summary.status) || summary.status === 'stuck') return await readEnd(ref, store.read(ref), errors)
        await withSignal(settled, signal)
      } finally {
        stop()
      }
    }
  }

  async #deliver(ref: InstanceRef, message: InboxMessage): Promise<boolean> {
    const delivery = this.#services.store.deliver(ref, message)
    this.#services.delivering?.(ref, 'sent')
    const outcome = await delivery
    if (outcome === 'not found') throw new ProcessNotFoundError(ref.process, ref.id)
    if (outcome === 'delivered') this.#services.delivering?.(ref, 'delivered')
    return outcome === 'delivered'
  }
}

/** @throws InvalidIdError */
export function checkedRef(process: string, id: string): InstanceRef {
  if (typeof id !== 'string') throw new InvalidIdError('Process id', String(id), 'is not a string')
  if (id.length > MAX_ID_LENGTH) throw new InvalidIdError('Process id', id, `is longer than ${MAX_ID_LENGTH} characters`)
  if (process.length > MAX_ID_LENGTH) throw new InvalidIdError('Process name', process, `is longer than ${MAX_ID_LENGTH} characters`)
  return { process, id }
}

export async function attempt<T>(work: () => Promise<T>): Promise<Try<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    if (error instanceof CatgaError) return { ok: false, error }
    throw error
  }
}

function withSignal<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  signal.throwIfAborted()
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
