import assert from 'node:assert/strict'
import { CatgaError } from '../../contracts/errors.ts'
import type { JournalEntry, Payload } from '../../contracts/journal-entry.ts'
import type {
  ClaimedInstance,
  InstanceJournal,
  InstanceRef,
  JournalStore,
  StartRequest,
  WorkerSession,
} from '../../contracts/journal-store.ts'
import { FakeClock } from '../fake-clock.ts'

/** How the suite opens the store under test. */
export interface JournalStoreAdapter {
  /** Opens an empty store that takes all its time from `clock`. */
  open(clock: FakeClock): JournalStore | Promise<JournalStore>
  /** Opens what `store` holds a second time, as another OS process would. Leave out where data cannot be shared. */
  openAgain?(store: JournalStore, clock: FakeClock): JournalStore | Promise<JournalStore>
}

export const LEASE_MS = 10_000

/** One store under test, with short words for what the cases do over and over. */
export class Scenario {
  readonly clock = new FakeClock()
  readonly store: JournalStore
  readonly #adapter: JournalStoreAdapter
  readonly #opened: JournalStore[] = []

  private constructor(adapter: JournalStoreAdapter, store: JournalStore, clock: FakeClock) {
    this.clock = clock
    this.store = store
    this.#adapter = adapter
    this.#opened.push(store)
  }

  static async open(adapter: JournalStoreAdapter): Promise<Scenario> {
    const clock = new FakeClock()
    return new Scenario(adapter, await adapter.open(clock), clock)
  }

  /** The same data through another store object, or the same object where the adapter cannot. */
  async other(): Promise<JournalStore> {
    if (this.#adapter.openAgain === undefined) return this.store
    const store = await this.#adapter.openAgain(this.store, this.clock)
    this.#opened.push(store)
    return store
  }

  async close(): Promise<void> {
    for (const store of this.#opened.reverse()) await store[Symbol.asyncDispose]()
  }

  join(worker = 'w1', store = this.store): Promise<WorkerSession> {
    return store.join({ worker, leaseMs: LEASE_MS })
  }

  request(id: string, input: Payload = null, process = 'order'): StartRequest {
    return { process, id, input, at: this.clock.now() }
  }

  async owned(session: WorkerSession, id: string, input: Payload = null): Promise<InstanceJournal> {
    const outcome = await session.start(this.request(id, input))
    assert.equal(outcome.created, true, `instance ${id} should be new`)
    assert.ok(outcome.created && outcome.journal !== undefined, 'start by a session owns the instance')
    return outcome.journal
  }

  async claimOne(session: WorkerSession): Promise<ClaimedInstance> {
    const claimed = await session.claim({ processes: ['order'], limit: 1 })
    assert.equal(claimed.length, 1, 'one instance should be claimable')
    return claimed[0] as ClaimedInstance
  }

  async claimNothing(session: WorkerSession): Promise<void> {
    assert.deepEqual(ids(await session.claim({ processes: ['order'], limit: 100 })), [], 'nothing should be claimable')
  }

  step(n: number, ...given: readonly [result?: Payload]): JournalEntry {
    const result = given.length > 0 ? given[0] : n
    return { kind: 'step-completed', at: this.clock.now(), scope: '', site: 'charge', n, method: 'charge', args: [n], result, attempt: 1 }
  }

  completed(result: Payload = 'done'): JournalEntry {
    return { kind: 'completed', at: this.clock.now(), result }
  }

  received(inbox: string, name = 'paid'): JournalEntry {
    return { kind: 'signal-received', at: this.clock.now(), name, payload: null, inbox }
  }

  async finish(session: WorkerSession, id: string): Promise<InstanceJournal> {
    const journal = await this.owned(session, id)
    await journal.append(1, this.completed(), 'completed')
    return journal
  }

  async entries(ref: InstanceRef, run?: number): Promise<JournalEntry[]> {
    return collect(this.store.read(ref, run === undefined ? {} : { run }))
  }
}

export const order = (id: string): InstanceRef => ({ process: 'order', id })

export const signal = (id: string, payload: Payload = null) => ({ kind: 'signal', id, name: 'paid', payload }) as const

export function ids(claimed: readonly ClaimedInstance[]): string[] {
  return claimed.map(({ summary }) => summary.id)
}

export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of source) items.push(item)
  return items
}

/** Asserts that an operation fails with this error code, whether it throws or rejects. */
export async function rejects(operation: () => unknown, code: string): Promise<void> {
  try {
    await operation()
  } catch (error) {
    assert.ok(error instanceof CatgaError, `expected a CatgaError, got ${String(error)}`)
    assert.equal(error.code, code)
    return
  }
  assert.fail(`expected an error with code "${code}", but it succeeded`)
}

/** Waits until a condition holds; generous, since stores of other OS processes are polled. */
export async function eventually(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  assert.fail(`did not happen within 10 s: ${what}`)
}
