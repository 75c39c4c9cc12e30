import { FencedError, SequenceError, preview } from '../contracts/errors.ts'
import type { JournalEntry } from '../contracts/journal-entry.ts'
import type { DeliveredMessage, InstanceJournal, InstanceRef, InstanceStatus } from '../contracts/journal-store.ts'
import { isFinished } from '../contracts/journal-store.ts'
import { encodeEntries } from '../journal-format/entry-codec.ts'
import { decodeBodies } from './pieces.ts'
import { statusNumber } from './log-record.ts'
import type { ClaimedRow } from './protocol.ts'
import type { SqliteWorkerSession } from './sqlite-worker-session.ts'
import { decodeMessage } from './stored-message.ts'

/** Where an instance stands when this journal gets hold of it. */
export interface Hold {
  readonly ref: InstanceRef
  /** Number of the instance in the database. */
  readonly instance: number
  readonly epoch: number
  readonly run: number
  readonly entries: number
  /** What came with the claim. */
  readonly ahead: ClaimedRow['ahead']
}

interface InFlight {
  readonly seq: number
  readonly count: number
  readonly done: Promise<void>
}

/**
 * One owner's hold on an instance in a SQLite database.
 *
 * Invariants
 * 1. `#length` counts acknowledged entries and those in flight; after a failed append it goes back to where that began,
 *    so whatever was queued behind it is refused instead of leaving a gap.
 * 2. Whether the session still owns its instances is the database's word: the log of a fenced session is refused there.
 */
export class SqliteInstanceJournal implements InstanceJournal {
  readonly ref: InstanceRef
  readonly instance: number
  readonly epoch: number
  readonly #session: SqliteWorkerSession
  #run: number
  #length: number
  /** Entries of the current run from before this journal. */
  #base: number
  #continuedAt = -1
  /** Raised by every failed append: what was queued before the failure must not be sent after it. */
  #failures = 0
  /** Gave ownership up by itself: finished, parked or released. */
  #letGo = false
  #inFlight: InFlight[] = []
  /** Journal and inbox as the claim found them: true until the event loop turns, for whoever claimed and goes on at once. */
  #ahead: ClaimedRow['ahead']

  constructor(session: SqliteWorkerSession, { ref, instance, epoch, run, entries, ahead }: Hold) {
    this.#session = session
    this.ref = ref
    this.instance = instance
    this.epoch = epoch
    this.#run = run
    this.#length = entries
    this.#base = entries
    this.#ahead = ahead
    if (ahead !== undefined) setImmediate(() => (this.#ahead = undefined))
  }

  append(seq: number, entries: JournalEntry | readonly JournalEntry[], status?: InstanceStatus): void | Promise<void> {
    const list = isList(entries) ? entries : undefined
    const count = list === undefined ? 1 : list.length
    if (this.#letGo || seq !== this.#length || this.#session.over) return this.#rejectOrRepeat(seq, count)
    const last = list === undefined ? (entries as JournalEntry) : list[count - 1]
    if (last === undefined && status === undefined) return undefined
    const record = {
      instance: this.instance,
      epoch: this.epoch,
      run: this.#run,
      seq,
      count,
      status: statusNumber(status),
      at: last?.at ?? this.#session.now(),
      inbox: list === undefined ? inboxOf(entries as JournalEntry) : Math.max(0, ...list.map(inboxOf)),
      entries: encodeEntries(entries),
    }
    this.#ahead = undefined
    const failures = this.#failures
    const finishes = status !== undefined && isFinished(status)
    this.#length += count
    if (finishes) this.#letGo = true
    const done = new Promise<void>((resolve, reject) => {
      this.#session.commit.add(this.#session.number, {
        record,
        succeeded: () => {
          this.#landed(seq)
          if (status !== undefined && (finishes || status === 'stuck')) this.#session.settled(this.ref)
          resolve()
        },
        failed: (error) => {
          this.#landed(seq)
          this.#failures++
          this.#length = Math.min(this.#length, seq)
          if (finishes) this.#letGo = false
          reject(error)
        },
        fits: () => failures === this.#failures,
        fenced: () => this.#session.fence(),
      })
    })
    this.#inFlight.push({ seq, count, done })
    return done
  }

  async continueAsNew(seq: number, last: JournalEntry, first: JournalEntry, carried: readonly JournalEntry[]): Promise<void> {
    if (this.#continuedAt === seq && !this.#session.over) return
    this.#check()
    if (seq !== this.#length) throw new SequenceError(this.#subject(), seq, this.#length)
    const next = [first, ...carried]
    const nextRun = first.kind === 'started' ? first.run : this.#run + 1
    const outcome = await this.#session.commit.request('continueAsNew', {
      ...this.#hold(),
      run: this.#run,
      seq,
      nextRun,
      last: encodeEntries(last),
      entries: encodeEntries(next),
      count: next.length,
      at: next.at(-1)?.at ?? first.at,
      inbox: Math.max(...[last, ...next].map(inboxOf)),
    })
    if (outcome === 'fenced') throw await this.#fenced()
    this.#run = nextRun
    this.#length = next.length
    this.#base = next.length
    this.#continuedAt = seq
  }

  async load(): Promise<readonly JournalEntry[]> {
    this.#check()
    const bodies = this.#ahead?.bodies ?? (await this.#session.commit.request('load', { ...this.#hold(), run: this.#run }))
    if (bodies === 'fenced') throw await this.#fenced()
    return decodeBodies(bodies, `${this.#session.commit.name}, ${this.#subject()}`)
  }

  async inbox(): Promise<readonly DeliveredMessage[]> {
    this.#check()
    const messages = this.#ahead?.mail ?? (await this.#session.commit.request('inbox', this.#hold()))
    if (messages === 'fenced') throw await this.#fenced()
    return messages.map(({ position, message }) => ({
      position: String(position),
      message: decodeMessage(message, `inbox of ${this.#subject()}`),
    }))
  }

  onDelivery(listener: () => void): () => void {
    return this.#session.onDelivery(this.instance, listener)
  }

  async park(wakeAt: number | undefined): Promise<'parked' | 'inbox moved'> {
    if (!this.#letGo) this.#check()
    const outcome = await this.#session.commit.request('park', { ...this.#hold(), wakeAt })
    if (outcome === 'fenced') throw await this.#fenced()
    if (outcome === 'parked') this.#letGo = true
    return outcome
  }

  async release(): Promise<void> {
    if (!this.#letGo) this.#check()
    if ((await this.#session.commit.request('release', this.#hold())) === 'fenced') throw await this.#fenced()
    this.#letGo = true
  }

  #hold(): { readonly instance: number; readonly epoch: number; readonly session: number } {
    return { instance: this.instance, epoch: this.epoch, session: this.#session.number }
  }

  /** Not always the oldest: failures are told before successes that still wait for their turn. */
  #landed(seq: number): void {
    const at = this.#inFlight.findIndex((append) => append.seq === seq)
    if (at === 0) this.#inFlight.shift()
    else if (at > 0) this.#inFlight.splice(at, 1)
  }

  /** An append that does not fit: the repetition of one that was made, a bug, or a write that came too late. */
  #rejectOrRepeat(seq: number, count: number): Promise<void> {
    const subject = this.#subject()
    if (this.#session.over) return Promise.reject(new FencedError(subject))
    if (seq >= this.#base && seq + count <= this.#length) {
      const { done } = this.#inFlight.find((append) => append.seq === seq) ?? {}
      return done ?? Promise.resolve()
    }
    return Promise.reject(this.#letGo ? new FencedError(subject) : new SequenceError(subject, seq, this.#length))
  }

  #check(): void {
    if (this.#letGo || this.#session.over) throw new FencedError(this.#subject())
  }

  /** The database says that the hold is lost; perhaps the whole session is. */
  async #fenced(): Promise<FencedError> {
    await this.#session.confirm()
    return new FencedError(this.#subject())
  }

  #subject(): string {
    return `Process "${this.ref.process}" ${preview(this.ref.id)}`
  }
}

function inboxOf(entry: JournalEntry): number {
  return 'inbox' in entry ? Number(entry.inbox) : 0
}

/** `Array.isArray` does not narrow readonly arrays. */
function isList(entries: JournalEntry | readonly JournalEntry[]): entries is readonly JournalEntry[] {
  return Array.isArray(entries)
}
