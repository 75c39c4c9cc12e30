/**
 * The application's door to its processes: registration, start, results, and the worker that runs them.
 */
import { randomUUID } from 'node:crypto'
import type { InstanceRef } from '../contracts/journal-store.ts'
import type { ClientServices } from './client.ts'
import { attempt, checkedRef, Client, ProcessHandle } from './client.ts'
import type { ProcessClass } from './definition.ts'
import { type AppOptions, resolveOptions } from './options.ts'
import type { Settled } from './outcome.ts'
import type { Execution } from './execution.ts'
import { Registry } from './registry.ts'
import type { Signal } from './signal.ts'
import type { InputOf, ProcessLike, ProcessType, ResultOf, SendOptions, StartOptions, Try } from './types.ts'
import { type Started, Worker } from './worker.ts'

/**
 * An app that runs processes on a journal.
 *
 * ```ts
 * const app = createApp({ journal: sqliteJournal('orders.db') }).process(OrderProcess, () => new OrderProcess(inventory, payments))
 * const placed = await app.run(OrderProcess, order, { id: order.orderId })
 * ```
 * @throws InvalidOptionError an option cannot be used
 */
export function createApp(options: AppOptions): App {
  return new App(options)
}

/** A client for programs that start and follow processes but have no code of them. */
export function createClient(options: Pick<AppOptions, 'journal' | 'codec' | 'clock' | 'errors'>): Client {
  return new Client(resolveOptions(options).client)
}

/** See `createApp`. While it is open it keeps the OS process alive; `close` it, or declare it with `await using`. */
export class App implements AsyncDisposable {
  /** Operations that need no process code: list, read, cancel, resume, delete. */
  readonly client: Client
  readonly #services: ClientServices
  readonly #registry = new Registry()
  readonly #worker: Worker

  /** @internal use `createApp` */
  constructor(options: AppOptions) {
    const resolved = resolveOptions(options)
    this.#services = resolved.client
    this.client = new Client({ ...resolved.client, delivering: (ref, stage) => this.#worker.claiming.messageFor(ref, stage) })
    this.#worker = new Worker({ ...resolved.worker, store: resolved.client.store, registry: this.#registry })
  }

  /**
   * Registers a process class; `factory` makes a fresh object for every run. Register before `open`.
   * @throws NotCompiledError the class was not compiled by Catga's plugin
   * @throws RegistrationError its name is taken
   */
  process<P extends ProcessLike>(processClass: ProcessType<P>, factory: () => P): this {
    this.#registry.add(processClass as unknown as ProcessClass, factory)
    return this
  }

  /** Connects and begins to take over unfinished instances. `start` and `run` do it by themselves; a pure worker calls it. */
  open(): Promise<void> {
    return this.#worker.open()
  }

  /**
   * Starts an instance; once the promise resolves it will run to its end, whatever crashes. Starting the same id with the same
   * input again answers the same instance.
   * @throws InputConflictError the id is taken by an instance with another input
   * @throws NotSerializableError the input does not survive the journal
   */
  async start<P extends ProcessLike>(
    processClass: ProcessType<P>,
    input: InputOf<P>,
    options: StartOptions = {},
  ): Promise<ProcessHandle<ResultOf<P>>> {
    const { ref, started } = this.#start(processClass, input, options)
    return this.#handle(ref, this.#accept(ref, await started.outcome, started.payload))
  }

  /**
   * Starts an instance and waits for its result: `start` and `result` in one.
   * @throws ProcessFailedError @throws CancelledError @throws ProcessStuckError see `ProcessHandle.result`
   */
  async run<P extends ProcessLike>(processClass: ProcessType<P>, input: InputOf<P>, options: StartOptions = {}): Promise<ResultOf<P>> {
    const handle = await this.start(processClass, input, options)
    return handle.result(options)
  }

  /** As `run`; Catga's errors come as a value. */
  tryRun<P extends ProcessLike>(processClass: ProcessType<P>, input: InputOf<P>, options: StartOptions = {}): Promise<Try<ResultOf<P>>> {
    return attempt(() => this.run(processClass, input, options))
  }

  /** The instance of this id, whether it exists or not. */
  handle<P extends ProcessLike>(processClass: ProcessType<P>, id: string): ProcessHandle<ResultOf<P>> {
    const { definition } = this.#registry.byClass(processClass as unknown as ProcessClass)
    const ref = checkedRef(definition.name, id)
    return this.#handle(ref, this.#worker.execution(ref))
  }

  /**
   * Sends a signal to an instance; its `waitFor` answers it, now or when the process comes to it.
   *
   * ```ts
   * const approved = defineSignal<{ by: string }>('approved')
   * const app = createApp({ journal: new MemoryJournalStore() }).process(Expense, () => new Expense())
   * await app.signal(Expense, 'e-7', approved, { by: 'kim' })
   * ```
   * @throws InvalidPayloadError @throws NotSerializableError @throws ProcessNotFoundError @throws ProcessFinishedError
   * see `ProcessHandle.signal`
   */
  async signal<P extends ProcessLike, Payload, Sent>(
    processClass: ProcessType<P>,
    id: string,
    signal: Signal<Payload, Sent>,
    payload: Sent,
    options?: SendOptions,
  ): Promise<void> {
    const { definition } = this.#registry.byClass(processClass as unknown as ProcessClass)
    await this.client.signal(checkedRef(definition.name, id), signal, payload, options)
  }

  /**
   * Drains: running step bodies may end and are journaled, nothing new starts, then all instances are given up to other
   * workers. Idempotent.
   * @param options.timeoutMs how long bodies may take, in milliseconds; default 10 000
   */
  close(options: { readonly timeoutMs?: number } = {}): Promise<void> {
    return this.#worker.close(options.timeoutMs ?? 10_000)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #start<P extends ProcessLike>(processClass: ProcessType<P>, input: InputOf<P>, options: StartOptions) {
    const registration = this.#registry.byClass(processClass as unknown as ProcessClass)
    const { definition } = registration
    const id = options.id ?? definition.id?.(input as never) ?? randomUUID()
    const ref = checkedRef(definition.name, id)
    const payload = this.#services.codec.encode(input, `input of process "${definition.name}"`)
    return { ref, started: { outcome: this.#worker.start(registration, id, payload), payload } }
  }

  #accept(ref: InstanceRef, started: Started, payload: Parameters<Client['checkInput']>[1]): Execution | undefined {
    const existing = 'execution' in started ? started.execution.input : started.input
    if (existing !== payload) this.client.checkInput(ref, existing, payload)
    return 'execution' in started ? started.execution : undefined
  }

  #handle<R>(ref: InstanceRef, execution: Execution | undefined): ProcessHandle<R> {
    return new ProcessHandle<R>(this.client, ref, async () => {
      const refusal = this.#worker.refusal(ref)
      if (refusal !== undefined) return { kind: 'lost', error: refusal }
      return execution === undefined ? undefined : localEnd(execution)
    })
  }
}

/** The end of an instance that runs here; nothing when it goes on elsewhere. */
async function localEnd(execution: Execution): Promise<Settled | undefined> {
  // A stuck instance may have been resumed since.
  if (execution.end?.kind === 'stuck') return undefined
  const end = await execution.wait()
  return end.kind === 'abandoned' || end.kind === 'parked' || end.kind === 'restart' ? undefined : end
}
