/**
 * Appends of one run, in order, until each is durable or the instance is lost.
 *
 * Invariants
 * 1. Entries reach the store in the order they were appended here; (epoch, seq) is the same on every retry of a commit.
 * 2. Promises of commits whose outcome will never be known (fenced, abandoned) never settle.
 * 3. `at` never decreases within a run.
 */
import type { Clock } from '../contracts/clock.ts'
import { SequenceError, StoreUnavailableError } from '../contracts/errors.ts'
import type { JournalEntry } from '../contracts/journal-entry.ts'
import type { InstanceJournal, InstanceStatus } from '../contracts/journal-store.ts'

interface Commit {
  readonly seq: number
  readonly entries: JournalEntry | readonly JournalEntry[]
  readonly status: InstanceStatus | undefined
  readonly durable: () => void
}

const FIRST_RETRY_MS = 5
const LONGEST_RETRY_MS = 1000

export class JournalWriter {
  readonly journal: InstanceJournal
  /** Entries appended so far, durable or not. */
  seq: number
  lastAt: number
  readonly #clock: Clock
  readonly #lost: (error: unknown) => void
  #closed = false
  /** Commits whose outcome is unknown, by seq; the first is tried again, then the rest in order. */
  #unknown: Commit[] = []
  #retrying = false
  #stopRetry: (() => void) | undefined
  /** The last commit that was not durable at once: those before it are durable when it is. */
  #last: Promise<void> | undefined

  constructor(journal: InstanceJournal, seq: number, lastAt: number, clock: Clock, lost: (error: unknown) => void) {
    this.journal = journal
    this.seq = seq
    this.lastAt = lastAt
    this.#clock = clock
    this.#lost = lost
  }

  /** The time for the next entry. */
  stamp(): number {
    const now = this.#clock.now()
    if (now > this.lastAt) this.lastAt = now
    return this.lastAt
  }

  /** Nothing when durable on return, else a promise that resolves once it is. */
  append(entries: JournalEntry | readonly JournalEntry[], status?: InstanceStatus): Promise<void> | undefined {
    const { seq } = this
    this.seq = seq + (Array.isArray(entries) ? entries.length : 1)
    if (this.#closed || this.#retrying) return this.#appendLater(seq, entries, status)
    try {
      const acknowledged = this.journal.append(seq, entries, status)
      return acknowledged === undefined ? undefined : this.#acknowledged(acknowledged, seq, entries, status)
    } catch (error) {
      return this.#acknowledged(Promise.reject(error as Error), seq, entries, status)
    }
  }

  /** Resolves when everything appended so far is durable. */
  flushed(): Promise<void> {
    return this.#last ?? Promise.resolve()
  }

  /** Nothing more is written, and what is under way is not retried. */
  close(): void {
    this.#closed = true
    this.#unknown = []
    this.#stopRetry?.()
  }

  // Apart from `append`: closures in it would cost every entry of a synchronous store its captured variables.

  #acknowledged(acknowledged: Promise<void>, seq: number, entries: Commit['entries'], status: Commit['status']): Promise<void> {
    return (this.#last = acknowledged.catch((error: unknown) => this.#recover({ seq, entries, status }, error)))
  }

  #appendLater(seq: number, entries: Commit['entries'], status: Commit['status']): Promise<void> {
    return (this.#last = new Promise((durable) => {
      if (!this.#closed) this.#unknown.push({ seq, entries, status, durable })
    }))
  }

  #recover(commit: Omit<Commit, 'durable'>, error: unknown): Promise<void> {
    // Behind a commit of unknown outcome the store sees a gap: that is mended by making both again in order.
    if (!isTransient(error) && !(this.#retrying && error instanceof SequenceError)) {
      if (!this.#closed) this.#lost(error)
      return new Promise(() => undefined)
    }
    return new Promise((durable) => {
      if (this.#closed) return
      this.#unknown.push({ ...commit, durable })
      this.#unknown.sort((a, b) => a.seq - b.seq)
      if (!this.#retrying) {
        this.#retrying = true
        this.#retryLater(FIRST_RETRY_MS)
      }
    })
  }

  #retryLater(delayMs: number): void {
    this.#stopRetry = this.#clock.setTimer(delayMs, () => void this.#retry(delayMs))
  }

  async #retry(delayMs: number): Promise<void> {
    while (this.#unknown.length > 0) {
      const commit = this.#unknown[0]!
      try {
        await this.journal.append(commit.seq, commit.entries, commit.status)
      } catch (error) {
        if (this.#closed) return
        if (isTransient(error)) this.#retryLater(Math.min(LONGEST_RETRY_MS, delayMs * 2))
        else this.#lost(error)
        return
      }
      if (this.#closed) return
      // Not always the first any more: one made before it may have failed meanwhile.
      this.#unknown.splice(this.#unknown.indexOf(commit), 1)
      commit.durable()
    }
    this.#retrying = false
  }
}

/** Whether the same append may succeed later. */
function isTransient(error: unknown): boolean {
  return error instanceof StoreUnavailableError
}
