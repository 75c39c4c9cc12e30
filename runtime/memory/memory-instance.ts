import type { JournalEntry, Payload } from '../contracts/journal-entry.ts'
import type { DeliveredMessage, InstanceStatus, InstanceSummary } from '../contracts/journal-store.ts'
import { isFinished } from '../contracts/journal-store.ts'
import type { MemoryInstanceJournal } from './memory-instance-journal.ts'

/**
 * Everything the memory store holds of one process instance.
 *
 * Invariants
 * 1. `owner` is the one journal that may write; replacing it is what fences the one before.
 * 2. `entries` belongs to the current run and is never handed out itself, only copies of it.
 * 3. `ready` is true exactly while the instance sits in the store's heap of claimable instances.
 */
export class MemoryInstance {
  readonly process: string
  readonly id: string
  /** Order of creation in the store: lists and claims follow it. */
  readonly ordinal: number
  readonly createdAt: number
  status: InstanceStatus = 'running'
  run = 1
  epoch = 0
  entries: JournalEntry[]
  previous: { readonly run: number; readonly entries: readonly JournalEntry[] } | undefined = undefined
  owner: MemoryInstanceJournal | undefined = undefined
  /** Status to return to when a parked instance is claimed. */
  parkedFrom: InstanceStatus = 'running'
  wakeAt: number | undefined = undefined
  ready = false
  /** Claims since the journal last grew. */
  takeovers = 0
  inbox: DeliveredMessage[] | undefined = undefined
  /** Ids of messages delivered during this run and the one before, taken or not. */
  knownMessages: Map<string, number> | undefined = undefined
  deliveryListeners: Set<() => void> | undefined = undefined
  settledListeners: Set<() => void> | undefined = undefined

  constructor(process: string, id: string, ordinal: number, started: JournalEntry) {
    this.process = process
    this.id = id
    this.ordinal = ordinal
    this.createdAt = started.at
    this.entries = [started]
  }

  /** The input of the current run. */
  get input(): Payload {
    const first = this.entries[0]
    return first?.kind === 'started' ? first.input : undefined
  }

  get hasMail(): boolean {
    return this.inbox !== undefined && this.inbox.length > 0
  }

  /** Whether somebody should claim the instance, given that nobody owns it. */
  get wantsOwner(): boolean {
    if (this.status === 'stuck') return this.inbox?.some(({ message }) => message.kind !== 'signal') === true
    if (this.status === 'parked') return this.hasMail
    return !isFinished(this.status)
  }

  summary(): InstanceSummary {
    return {
      process: this.process,
      id: this.id,
      status: this.status,
      run: this.run,
      epoch: this.epoch,
      entries: this.entries.length,
      createdAt: this.createdAt,
      updatedAt: this.entries[this.entries.length - 1]?.at ?? this.createdAt,
      ...(this.owner === undefined ? undefined : { owner: this.owner.worker }),
      ...(this.wakeAt === undefined ? undefined : { wakeAt: this.wakeAt }),
    }
  }

  /** Drops the inbox messages that these entries say the journal has taken. */
  takeMail(entries: readonly JournalEntry[]): void {
    let taken = 0
    for (const entry of entries) {
      if ('inbox' in entry) taken = Math.max(taken, Number(entry.inbox))
    }
    if (taken > 0) this.inbox = this.inbox?.filter(({ position }) => Number(position) > taken)
  }

  /** Tells once whoever waits for the instance to be finished or stuck. */
  settled(): void {
    const listeners = this.settledListeners
    this.settledListeners = undefined
    if (listeners !== undefined) for (const listener of listeners) queueMicrotask(listener)
  }
}
