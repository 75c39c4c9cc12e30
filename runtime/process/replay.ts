/**
 * The journal of an instance as process code meets it again: what is delivered next, and what is known of each call.
 *
 * Invariants
 * 1. Deliveries are handed out one at a time, in journal order.
 * 2. A call the journal has no outcome for waits until everything recorded has been delivered. Only a call that newer code
 *    makes where the code that wrote the journal made none goes before: what is recorded may come after it.
 */
import type {
  CallId,
  CancelRequestedEntry,
  JournalEntry,
  SignalReceivedEntry,
  StepCompletedEntry,
  StepFailedEntry,
  TimerFiredEntry,
} from '../contracts/journal-entry.ts'
import { callKey } from '../contracts/journal-entry.ts'
import type { DurableCall } from './durable-call.ts'

/** An entry that becomes visible to process code. */
export type Delivery = Outcome | Message

/** What one call ended with. */
export type Outcome = StepCompletedEntry | StepFailedEntry | TimerFiredEntry

/** What came from outside and belongs to no call yet. */
type Message = CancelRequestedEntry | SignalReceivedEntry

export class Replay {
  readonly #deliveries: readonly Delivery[]
  #cursor = 0
  /** Built when a call is not the next delivery: concurrent code only. */
  #index: Map<string, Map<string, number[]>> | undefined
  readonly #waiting = new Map<number, DurableCall>()
  /** Calls without recorded outcome. */
  deferred: DurableCall[] = []
  /** Positions that were shown before their turn. */
  #shown: Set<number> | undefined

  constructor(deliveries: readonly Delivery[]) {
    this.#deliveries = deliveries
  }

  get done(): boolean {
    return this.#cursor === this.#deliveries.length
  }

  get next(): Delivery | undefined {
    return this.#deliveries[this.#cursor]
  }

  /** The next delivery if it is this call's outcome. */
  nextFor(call: DurableCall): Outcome | undefined {
    const entry = this.#deliveries[this.#cursor]
    if (entry === undefined || isMessage(entry)) return undefined
    return entry.site === call.site && entry.n === call.n && entry.scope === call.scope ? entry : undefined
  }

  advance(): void {
    this.#waiting.delete(this.#cursor)
    do this.#cursor++
    while (this.#shown?.has(this.#cursor) === true)
  }

  /** Registers a call that was made before its outcome is next; one without recorded outcome is deferred. */
  wait(call: DurableCall): void {
    const at = this.#positions().get(call.scope)?.get(call.site)?.[call.n]
    if (at === undefined || at < this.#cursor) this.deferred.push(call)
    else this.#waiting.set(at, call)
  }

  /** The call the next delivery belongs to, if process code has made it. */
  waiting(): DurableCall | undefined {
    return this.#waiting.get(this.#cursor)
  }

  /** Of the calls that wait and were inserted into older code, the one whose outcome was recorded first. */
  takeInserted(isInserted: (call: DurableCall) => boolean): { readonly call: DurableCall; readonly entry: Outcome } | undefined {
    const [at, call] = [...this.#waiting].filter(([, waiting]) => isInserted(waiting)).sort(([a], [b]) => a - b)[0] ?? []
    if (at === undefined || call === undefined) return undefined
    this.#waiting.delete(at)
    ;(this.#shown ??= new Set()).add(at)
    return { call, entry: this.#deliveries[at] as Outcome }
  }

  /** Calls that have no recorded outcome because they were inserted into older code. */
  takeDeferred(isInserted: (call: DurableCall) => boolean): readonly DurableCall[] {
    const taken = this.deferred.filter(isInserted)
    if (taken.length > 0) this.deferred = this.deferred.filter((call) => !taken.includes(call))
    return taken
  }

  /** The first recorded outcome that no call has asked for; cancelled calls' outcomes count as asked for. */
  unclaimed(cancelled: ReadonlySet<string>): Outcome | undefined {
    for (let i = this.#cursor; i < this.#deliveries.length; i++) {
      const entry = this.#deliveries[i]!
      if (!isMessage(entry) && !this.#waiting.has(i) && this.#shown?.has(i) !== true && !cancelled.has(callKey(entry))) return entry
    }
    return undefined
  }

  /** Position by scope, site and occurrence: naming every call by one string would cost more than the rest of a replay. */
  #positions(): Map<string, Map<string, number[]>> {
    if (this.#index !== undefined) return this.#index
    const index = (this.#index = new Map<string, Map<string, number[]>>())
    for (let i = this.#cursor; i < this.#deliveries.length; i++) {
      const entry = this.#deliveries[i]!
      if (isMessage(entry)) continue
      let sites = index.get(entry.scope)
      if (sites === undefined) index.set(entry.scope, (sites = new Map<string, number[]>()))
      const positions = sites.get(entry.site)
      if (positions === undefined) sites.set(entry.site, onePosition(entry.n, i))
      else positions[entry.n] = i
    }
    return index
  }
}

function isMessage(entry: Delivery): entry is Message {
  return entry.kind === 'cancel-requested' || entry.kind === 'signal-received'
}

function onePosition(n: number, at: number): number[] {
  const positions: number[] = []
  positions[n] = at
  return positions
}

/** What earlier owners did for a call that has no outcome yet. */
export interface CallHistory {
  readonly failedAttempts: number
  readonly retryAt: number
  readonly started: boolean
}

/** Attempts and starts of calls without outcome, by key. */
export function historyOf(entries: readonly JournalEntry[]): Map<string, CallHistory> {
  const histories = new Map<string, CallHistory>()
  const update = (id: CallId, change: (old: CallHistory) => CallHistory): void => {
    const key = callKey(id)
    histories.set(key, change(histories.get(key) ?? { failedAttempts: 0, retryAt: 0, started: false }))
  }
  for (const entry of entries) {
    if (entry.kind === 'attempt-failed') update(entry, (old) => ({ ...old, failedAttempts: entry.attempt, retryAt: entry.retryAt }))
    else if (entry.kind === 'step-started') update(entry, (old) => ({ ...old, started: true }))
    else if ((entry.kind === 'step-completed' || entry.kind === 'step-failed') && histories.size > 0) histories.delete(callKey(entry))
  }
  return histories
}

/** When waits are due that were begun and whose time is not known to have come, by key. */
export function timersOf(entries: readonly JournalEntry[]): Map<string, number> | undefined {
  let timers: Map<string, number> | undefined
  for (const entry of entries) {
    if (entry.kind === 'timer-set') (timers ??= new Map()).set(callKey(entry), entry.dueAt)
    else if (entry.kind === 'timer-fired') timers?.delete(callKey(entry))
  }
  return timers
}

const SHOWN: ReadonlySet<JournalEntry['kind']> = new Set(['step-completed', 'step-failed', 'timer-fired', 'signal-received'])

/** Entries that process code sees; of several cancels, the first. */
export function deliveriesOf(entries: readonly JournalEntry[]): Delivery[] {
  const cancel = entries.find((entry) => entry.kind === 'cancel-requested')
  return entries.filter((entry) => SHOWN.has(entry.kind) || entry === cancel) as Delivery[]
}
