import { FencedError, SequenceError, preview } from '../contracts/errors.ts'
import type { JournalEntry } from '../contracts/journal-entry.ts'
import type { DeliveredMessage, InstanceJournal, InstanceRef, InstanceStatus } from '../contracts/journal-store.ts'
import { isFinished } from '../contracts/journal-store.ts'
import { copyEntry, copyMessage } from './copy-entry.ts'
import type { MemoryInstance } from './memory-instance.ts'
import type { MemoryWorkerSession } from './memory-worker-session.ts'

/**
 * One owner's hold on an instance in memory.
 *
 * Invariants
 * 1. Being `instance.owner` is the whole fencing check: taking over, finishing, parking and releasing all change it.
 * 2. `append` of the next entries is synchronous and touches nothing but the instance.
 */
export class MemoryInstanceJournal implements InstanceJournal {
  readonly epoch: number
  readonly #instance: MemoryInstance
  readonly #session: MemoryWorkerSession
  /** Entries of the current run that were there before this journal's first append. */
  #base: number
  /** Where the last `continueAsNew` of this journal ended the run before. */
  #continuedAt = -1

  constructor(instance: MemoryInstance, session: MemoryWorkerSession) {
    this.epoch = instance.epoch
    this.#instance = instance
    this.#session = session
    this.#base = instance.entries.length
  }

  get ref(): InstanceRef {
    return { process: this.#instance.process, id: this.#instance.id }
  }

  get worker(): string {
    return this.#session.worker
  }

  get session(): MemoryWorkerSession {
    return this.#session
  }

  append(seq: number, entries: JournalEntry | readonly JournalEntry[], status?: InstanceStatus): void {
    const instance = this.#instance
    const journal = instance.entries
    if (instance.owner !== this || seq !== journal.length) return this.#reject(seq, isList(entries) ? entries.length : 1)
    if (isList(entries)) journal.push(...entries)
    else journal.push(entries)
    instance.takeovers = 0
    if (instance.inbox !== undefined) instance.takeMail(isList(entries) ? entries : [entries])
    if (status !== undefined) this.#become(status)
  }

  async continueAsNew(seq: number, last: JournalEntry, first: JournalEntry, carried: readonly JournalEntry[]): Promise<void> {
    const instance = this.#instance
    if (instance.epoch === this.epoch && this.#continuedAt === seq) return
    if (instance.owner !== this) throw this.#fenced()
    if (seq !== instance.entries.length) throw new SequenceError(this.#subject(), seq, instance.entries.length)
    instance.takeMail([last, first, ...carried])
    instance.previous = { run: instance.run, entries: [...instance.entries, last] }
    instance.run = first.kind === 'started' ? first.run : instance.run + 1
    instance.entries = [first, ...carried]
    instance.takeovers = 0
    instance.status = 'running'
    const oldest = instance.run - 1
    for (const [id, run] of instance.knownMessages ?? []) if (run < oldest) instance.knownMessages?.delete(id)
    this.#continuedAt = seq
    this.#base = instance.entries.length
  }

  async load(): Promise<readonly JournalEntry[]> {
    if (this.#instance.owner !== this) throw this.#fenced()
    return this.#instance.entries.map(copyEntry)
  }

  async inbox(): Promise<readonly DeliveredMessage[]> {
    if (this.#instance.owner !== this) throw this.#fenced()
    return (this.#instance.inbox ?? []).map(({ position, message }) => ({ position, message: copyMessage(message) }))
  }

  onDelivery(listener: () => void): () => void {
    const listeners = (this.#instance.deliveryListeners ??= new Set())
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  async park(wakeAt: number | undefined): Promise<'parked' | 'inbox moved'> {
    const instance = this.#instance
    if (instance.owner !== this) {
      if (this.#gaveUp() && instance.status === 'parked') return 'parked'
      throw this.#fenced()
    }
    if (instance.hasMail) return 'inbox moved'
    instance.parkedFrom = instance.status === 'stuck' ? 'running' : instance.status
    instance.status = 'parked'
    instance.wakeAt = wakeAt
    instance.takeovers = 0
    this.#session.store.disown(instance)
    return 'parked'
  }

  async release(): Promise<void> {
    const instance = this.#instance
    if (instance.owner !== this) {
      if (this.#gaveUp()) return
      throw this.#fenced()
    }
    instance.takeovers = 0
    this.#session.store.disown(instance)
  }

  #become(status: InstanceStatus): void {
    const instance = this.#instance
    instance.status = status
    if (isFinished(status)) {
      instance.owner = undefined
      instance.inbox = undefined
      instance.deliveryListeners = undefined
    } else if (status !== 'stuck') return
    if (instance.settledListeners !== undefined) instance.settled()
  }

  /** An append that does not fit: the repetition of one that was made, a bug, or a write that came too late. */
  #reject(seq: number, count: number): void {
    const instance = this.#instance
    const length = instance.entries.length
    const mine = instance.owner === this || this.#gaveUp()
    if (mine && seq >= this.#base && seq + count <= length) return
    if (instance.owner !== this) throw this.#fenced()
    throw new SequenceError(this.#subject(), seq, length)
  }

  /** True while nobody has claimed the instance since this journal let go of it. */
  #gaveUp(): boolean {
    const instance = this.#instance
    return instance.owner === undefined && instance.epoch === this.epoch && !this.#session.fenced.aborted
  }

  #subject(): string {
    return `Process "${this.#instance.process}" ${preview(this.#instance.id)}`
  }

  #fenced(): FencedError {
    return new FencedError(this.#subject())
  }
}

/** `Array.isArray` does not narrow readonly arrays. */
function isList(entries: JournalEntry | readonly JournalEntry[]): entries is readonly JournalEntry[] {
  return Array.isArray(entries)
}
