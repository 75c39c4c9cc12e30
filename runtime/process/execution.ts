/**
 * An instance that this worker owns, across restarts of its run, and those who wait for its end.
 */
import type { JournalEntry, Payload } from '../contracts/journal-entry.ts'
import type { DeliveredMessage, InstanceJournal } from '../contracts/journal-store.ts'
import { CorruptJournalError, StoreUnavailableError } from '../contracts/errors.ts'
import type { Registration } from './registry.ts'
import { insertedSince } from './shape.ts'
import { Run } from './run.ts'
import type { RunEnd, RunOwner } from './run-end.ts'
import type { RunServices } from './run-services.ts'

/** How long to leave a store alone that could not be reached, in milliseconds. */
const RETRY_MS = 50

export class Execution implements RunOwner {
  readonly key: string
  readonly journal: InstanceJournal
  readonly registration: Registration
  readonly input: Payload
  /** Counted against the limit of runs in flight. */
  admitted = false
  /** Shapes of older code that wrote part of the journal. */
  olderShapes: readonly string[] = []
  /** Place in the worker's list of executions that do not listen yet; -1 when not there. */
  freshAt = -1
  /** A message was sent to it here since it began. */
  mayHaveMail = false
  run: Run | undefined
  end: RunEnd | undefined
  readonly #services: RunServices
  readonly #onEnd: (execution: Execution) => void
  #waiters: ((end: RunEnd) => void)[] | undefined
  #unsubscribe: (() => void) | undefined
  #stopWaiting: (() => void) | undefined
  #takingInbox: 'no' | 'yes' | 'yes, and again' = 'no'

  constructor(options: {
    readonly key: string
    readonly journal: InstanceJournal
    readonly registration: Registration
    readonly input: Payload
    readonly services: RunServices
    readonly ended: (execution: Execution) => void
  }) {
    this.key = options.key
    this.journal = options.journal
    this.registration = options.registration
    this.input = options.input
    this.#services = options.services
    this.#onEnd = options.ended
  }

  /** Begins or continues from these entries of the journal. */
  begin(entries: readonly JournalEntry[], messages: readonly DeliveredMessage[] = []): void {
    let run: Run
    try {
      const instance = this.registration.create()
      run = new Run(this.#services, this.registration.definition, instance, this.journal, entries, this)
    } catch (error) {
      return this.ended({ kind: 'lost', error })
    }
    this.run = run
    if (this.olderShapes.length > 0) run.delivery.isInserted = insertedSince(this.olderShapes)
    if (entries.some(({ kind }) => kind === 'compensation-started')) return run.resumeCompensation(entries)
    const cancel = messages.find(({ message }) => message.kind === 'cancel')
    if (cancel?.message.kind === 'cancel' && entries.at(-1)?.kind === 'stuck')
      return run.cancelFromJournal(cancel.message.reason, cancel.position)
    run.begin(this.input)
    if (messages.length > 0) run.takeMessages(messages)
    // Messages that came while it waited for its turn were told to nobody.
    if (this.#unsubscribe !== undefined) this.inboxMoved()
  }

  /** Listens for messages; put off until the run has outlived a turn, because most runs do not. */
  listen(): void {
    if (this.end !== undefined || this.#unsubscribe !== undefined) return
    this.#unsubscribe = this.journal.onDelivery(() => this.inboxMoved())
    this.inboxMoved()
  }

  wait(): Promise<RunEnd> {
    if (this.end !== undefined) return Promise.resolve(this.end)
    return new Promise((resolve) => (this.#waiters ??= []).push(resolve))
  }

  /** Ends it without a run. */
  stop(end: RunEnd): void {
    this.ended(end)
  }

  abandon(): void {
    if (this.run === undefined) this.ended({ kind: 'abandoned' })
    else this.run.abandon()
  }

  /** There may be messages. The inbox is read once at a time: an answer that is overtaken would show what was taken since. */
  inboxMoved(): void {
    if (this.#takingInbox === 'no') void this.#takeInbox()
    else this.#takingInbox = 'yes, and again'
  }

  async #takeInbox(): Promise<void> {
    try {
      do {
        this.#takingInbox = 'yes'
        const messages = await this.journal.inbox()
        this.run?.takeMessages(messages)
      } while (this.#hasNews())
    } catch (error) {
      // Fenced: whoever owns the instance next takes the messages.
      if (error instanceof StoreUnavailableError && this.end === undefined) this.#again(() => this.inboxMoved())
    }
    this.#takingInbox = 'no'
  }

  #hasNews(): boolean {
    return this.#takingInbox === 'yes, and again' && this.end === undefined
  }

  /** Does later what the store was not there for. */
  #again(work: () => void): void {
    this.#stopWaiting?.()
    this.#stopWaiting = this.#services.clock.setTimer(RETRY_MS, work)
  }

  ended(end: RunEnd): void {
    if (this.end !== undefined) return
    if (end.kind === 'restart') return void this.#restart()
    this.end = end
    // A map's outgrown tables, once tenured, keep what they held and each other alive until a full collection: let little hang on it.
    this.run = undefined
    this.#unsubscribe?.()
    this.#stopWaiting?.()
    this.#onEnd(this)
    const waiters = this.#waiters
    this.#waiters = undefined
    for (const waiter of waiters ?? []) waiter(end)
  }

  async #restart(): Promise<void> {
    try {
      this.begin(await this.journal.load())
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) this.ended({ kind: 'abandoned' })
      else if (this.end === undefined) this.#again(() => void this.#restart())
    }
  }
}

/** The input every run's journal begins with. */
export function inputOf(entries: readonly JournalEntry[], place: string): Payload {
  const first = entries[0]
  if (first?.kind !== 'started') throw new CorruptJournalError(place, `begins with "${first?.kind ?? 'nothing'}" instead of "started"`)
  return first.input
}
