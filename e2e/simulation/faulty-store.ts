import type { JournalEntry } from '../../runtime/contracts/journal-entry.ts'
import type {
  DeleteOutcome,
  FinishedStatus,
  InboxMessage,
  InstanceRef,
  InstanceSummary,
  JournalStore,
  ListOptions,
  StartOutcome,
  StartRequest,
  WorkerSession,
} from '../../runtime/contracts/journal-store.ts'
import type { Counters } from './counters.ts'
import type { EventLog } from './event-log.ts'
import type { Faults } from './faults.ts'
import { FaultySession } from './faulty-session.ts'
import type { Machine } from './machine.ts'
import type { Network } from './network.ts'
import type { StoreRecord } from './store-record.ts'

/** What one machine's view of the store is made of. */
export interface Link {
  readonly machine: Machine
  readonly network: Network
  readonly faults: Faults
  readonly counters: Counters
  readonly log: EventLog
  readonly record: StoreRecord
  /** The latest session of each machine, as the store itself holds it. */
  readonly sessions: Map<Machine, WorkerSession>
}

/** One machine's view of a store that several share: each operation is a message, with what can happen to messages. */
export class FaultyStore implements JournalStore {
  readonly name = 'simulated'
  readonly #real: JournalStore
  readonly #link: Link

  constructor(real: JournalStore, link: Link) {
    this.#real = real
    this.#link = link
  }

  join(options: { readonly worker: string; readonly leaseMs: number }): Promise<WorkerSession> {
    return this.#send('join', async () => {
      const session = await this.#real.join(options)
      this.#link.sessions.set(this.#link.machine, session)
      return new FaultySession(session, this.#link)
    })
  }

  start(request: StartRequest): Promise<StartOutcome> {
    const apply = async (): Promise<StartOutcome> => {
      const outcome = await this.#real.start(request)
      if (outcome.created) this.#link.record.created(request, 0)
      return outcome
    }
    return this.#send(`start ${request.id}`, apply, true)
  }

  deliver(ref: InstanceRef, message: InboxMessage): Promise<'delivered' | 'not found' | 'finished'> {
    const apply = async (): Promise<'delivered' | 'not found' | 'finished'> => {
      const outcome = await this.#real.deliver(ref, message)
      if (outcome === 'delivered' && message.kind === 'cancel') this.#link.record.cancelDelivered(ref.id)
      return outcome
    }
    return this.#send(`deliver ${message.kind} to ${ref.id}`, apply, true)
  }

  get(ref: InstanceRef): Promise<InstanceSummary | undefined> {
    return this.#send(`get ${ref.id}`, () => this.#real.get(ref))
  }

  async *read(ref: InstanceRef, options?: { readonly run?: number }): AsyncIterable<JournalEntry> {
    yield* await this.#send(`read ${ref.id}`, () => all(this.#real.read(ref, options)))
  }

  async *list(options?: ListOptions): AsyncIterable<InstanceSummary> {
    yield* await this.#send('list', () => all(this.#real.list(options)))
  }

  delete(ref: InstanceRef): Promise<DeleteOutcome> {
    return this.#send(`delete ${ref.id}`, () => this.#real.delete(ref))
  }

  prune(options: { readonly status: FinishedStatus; readonly before: number; readonly limit: number }): Promise<number> {
    return this.#send(`prune ${options.status}`, () => this.#real.prune(options))
  }

  saveShape(hash: string, description: string): Promise<void> {
    return this.#send('save shape', () => this.#real.saveShape(hash, description), true)
  }

  loadShape(hash: string): Promise<string | undefined> {
    return this.#send('load shape', () => this.#real.loadShape(hash))
  }

  onSettled(ref: InstanceRef, listener: () => void): () => void {
    return this.#real.onSettled(ref, () => this.#link.network.notify(this.#link.machine, listener))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The store outlives every view of it.
  }

  #send<T>(operation: string, apply: () => Promise<T>, repeatable = false): Promise<T> {
    return this.#link.network.send({ from: this.#link.machine, operation, apply, repeatable })
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}
