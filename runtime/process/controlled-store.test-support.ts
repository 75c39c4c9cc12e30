/**
 * A memory store whose appends a test decides on: when they are made, when they are acknowledged, whether they fail.
 */
import type { JournalEntry } from '../contracts/journal-entry.ts'
import type {
  ClaimedInstance,
  DeleteOutcome,
  InboxMessage,
  InstanceJournal,
  InstanceRef,
  InstanceStatus,
  InstanceSummary,
  JournalStore,
  ListOptions,
  StartOutcome,
  StartRequest,
  WorkerSession,
} from '../contracts/journal-store.ts'
import type { MemoryJournalStore } from '../memory/memory-journal-store.ts'

/** One append the engine asked for. */
export interface AskedAppend {
  readonly ref: InstanceRef
  readonly seq: number
  readonly entries: readonly JournalEntry[]
  readonly status: InstanceStatus | undefined
  /** Makes it. @throws FencedError as the store does */
  make(): void
}

export class ControlledStore implements JournalStore {
  readonly name = 'controlled'
  readonly inner: MemoryJournalStore
  /** Decides what becomes of an append; by default it is made at once. */
  onAppend: (append: AskedAppend) => void | Promise<void> = (append) => append.make()
  /** Runs before and after an instance is parked. */
  onPark: (park: () => Promise<'parked' | 'inbox moved'>) => Promise<'parked' | 'inbox moved'> = (park) => park()
  /** Runs before a journal is loaded. */
  onLoad: (ref: InstanceRef) => void | Promise<void> = () => undefined

  constructor(inner: MemoryJournalStore) {
    this.inner = inner
  }

  async join(options: { readonly worker: string; readonly leaseMs: number }): Promise<WorkerSession> {
    return new ControlledSession(this, await this.inner.join(options))
  }

  start(request: StartRequest): Promise<StartOutcome> {
    return this.inner.start(request)
  }

  deliver(ref: InstanceRef, message: InboxMessage): Promise<'delivered' | 'not found' | 'finished'> {
    return this.inner.deliver(ref, message)
  }

  get(ref: InstanceRef): Promise<InstanceSummary | undefined> {
    return this.inner.get(ref)
  }

  read(ref: InstanceRef, options?: { readonly run?: number }): AsyncIterable<JournalEntry> {
    return this.inner.read(ref, options)
  }

  list(options?: ListOptions): AsyncIterable<InstanceSummary> {
    return this.inner.list(options)
  }

  delete(ref: InstanceRef): Promise<DeleteOutcome> {
    return this.inner.delete(ref)
  }

  prune(options: Parameters<JournalStore['prune']>[0]): Promise<number> {
    return this.inner.prune(options)
  }

  saveShape(hash: string, description: string): Promise<void> {
    return this.inner.saveShape(hash, description)
  }

  loadShape(hash: string): Promise<string | undefined> {
    return this.inner.loadShape(hash)
  }

  onSettled(ref: InstanceRef, listener: () => void): () => void {
    return this.inner.onSettled(ref, listener)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.inner[Symbol.asyncDispose]()
  }
}

class ControlledSession implements WorkerSession {
  readonly #store: ControlledStore
  readonly #inner: WorkerSession

  constructor(store: ControlledStore, inner: WorkerSession) {
    this.#store = store
    this.#inner = inner
  }

  get worker(): string {
    return this.#inner.worker
  }

  get fenced(): AbortSignal {
    return this.#inner.fenced
  }

  renew(): Promise<void> {
    return this.#inner.renew()
  }

  start(request: StartRequest): StartOutcome | Promise<StartOutcome> {
    const outcome = this.#inner.start(request)
    return outcome instanceof Promise ? outcome.then((settled) => this.#controlled(settled)) : this.#controlled(outcome)
  }

  async claim(options: Parameters<WorkerSession['claim']>[0]): Promise<readonly ClaimedInstance[]> {
    const claimed = await this.#inner.claim(options)
    return claimed.map((instance) => ({ ...instance, journal: controlled(this.#store, instance.journal) }))
  }

  nextWakeAt(processes: readonly string[]): Promise<number | undefined> {
    return this.#inner.nextWakeAt(processes)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#inner[Symbol.asyncDispose]()
  }

  #controlled(outcome: StartOutcome): StartOutcome {
    return outcome.created && outcome.journal !== undefined ? { created: true, journal: controlled(this.#store, outcome.journal) } : outcome
  }
}

function controlled(store: ControlledStore, inner: InstanceJournal): InstanceJournal {
  const { ref } = inner
  return {
    ref,
    epoch: inner.epoch,
    append(seq, entries, status) {
      const list = Array.isArray(entries) ? (entries as readonly JournalEntry[]) : [entries as JournalEntry]
      return store.onAppend({ ref, seq, entries: list, status, make: () => void inner.append(seq, entries, status) })
    },
    continueAsNew: (seq, last, first, carried) => inner.continueAsNew(seq, last, first, carried),
    async load() {
      await store.onLoad(ref)
      return inner.load()
    },
    inbox: () => inner.inbox(),
    onDelivery: (listener) => inner.onDelivery(listener),
    park: (wakeAt) => store.onPark(() => inner.park(wakeAt)),
    release: () => inner.release(),
  }
}
