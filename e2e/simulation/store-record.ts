import type { JournalEntry } from '../../runtime/contracts/journal-entry.ts'
import { callKey } from '../../runtime/contracts/journal-entry.ts'
import type { ClaimedInstance, InstanceRef } from '../../runtime/contracts/journal-store.ts'
import type { Counters } from './counters.ts'
import type { VirtualTime } from './virtual-time.ts'

const ENDS_OF_BODIES = new Set(['step-completed', 'step-failed', 'attempt-failed'])

/**
 * A second account of what the store took, kept beside it, which knows nothing of how it decides.
 *
 * Invariant: only the holder of an instance's highest epoch writes, and each entry is written once.
 */
export class StoreRecord {
  readonly #epochs = new Map<string, number>()
  readonly #journals = new Map<string, JournalEntry[]>()
  readonly #parked = new Set<string>()
  /** When each instance was first told to cancel, and when it last journaled the end of a body without having taken that in. */
  readonly #cancelledAt = new Map<string, number>()
  readonly #heedlessAt = new Map<string, number>()
  readonly #finishedAt = new Map<string, number>()
  readonly #time: VirtualTime
  readonly #wrong: (what: string) => void
  readonly #counters: Counters

  constructor(options: { readonly time: VirtualTime; readonly wrong: (what: string) => void; readonly counters: Counters }) {
    this.#time = options.time
    this.#wrong = options.wrong
    this.#counters = options.counters
  }

  /** When the outcome of a call was journaled, or with `/undo` behind its key that it was undone. */
  finishedAt(key: string): number | undefined {
    return this.#finishedAt.get(key)
  }

  cancelDelivered(id: string): void {
    if (!this.#cancelledAt.has(id)) this.#cancelledAt.set(id, this.#time.now)
  }

  /** How long the instance went on working after it was told to cancel, in milliseconds. */
  heedlessMs(id: string): number {
    return Math.max(0, (this.#heedlessAt.get(id) ?? 0) - (this.#cancelledAt.get(id) ?? Infinity))
  }

  created({ id }: InstanceRef, epoch: number): void {
    this.#epochs.set(id, epoch)
    this.#journals.set(id, [])
  }

  claimed({ journal }: ClaimedInstance): void {
    const { id } = journal.ref
    const before = this.#epochs.get(id) ?? 0
    if (journal.epoch <= before) this.#wrong(`${id} was claimed under epoch ${journal.epoch} after epoch ${before}`)
    this.#epochs.set(id, journal.epoch)
    if (this.#parked.delete(id)) this.#counters.add('wakes')
    else if (journal.epoch > 1) this.#counters.add('takeovers')
  }

  parked(id: string, epoch: number): void {
    if (epoch !== this.#epochs.get(id)) this.#wrong(`${id} was parked under the stale epoch ${epoch}`)
    if (!this.#parked.has(id)) this.#counters.add('parkings')
    this.#parked.add(id)
  }

  /** The store said yes to an append. */
  appended(id: string, epoch: number, seq: number, entries: readonly JournalEntry[]): void {
    const journal = this.#journals.get(id)!
    if (seq === journal.length + 1) {
      if (epoch !== this.#epochs.get(id)) this.#wrong(`${id} was written under the stale epoch ${epoch}`)
      journal.push(...entries)
      if (!journal.some(({ kind }) => kind === 'cancel-requested') && entries.some(({ kind }) => ENDS_OF_BODIES.has(kind)))
        this.#heedlessAt.set(id, this.#time.now)
      for (const entry of entries) this.#noteFinished(id, entry)
      this.#counters.add('appends')
      return
    }
    this.#counters.add('appends repeated')
    for (const [i, entry] of entries.entries()) {
      if (JSON.stringify(journal[seq - 1 + i]) !== JSON.stringify(entry))
        this.#wrong(`${id} took entry ${seq + i} a second time, and differently`)
    }
  }

  #noteFinished(id: string, entry: JournalEntry): void {
    if (entry.kind !== 'step-completed' && entry.kind !== 'step-failed' && entry.kind !== 'step-compensated') return
    this.#finishedAt.set(`Simulated/${id}/1/${callKey(entry)}${entry.kind === 'step-compensated' ? '/undo' : ''}`, this.#time.now)
  }

  /** What was appended after the first entry. */
  journal(id: string): readonly JournalEntry[] {
    return this.#journals.get(id) ?? []
  }
}
