/**
 * What must be true of the journal of a finished instance, whatever its program was and whatever went wrong.
 */
import type { JournalEntry } from '../../runtime/contracts/journal-entry.ts'
import { callKey } from '../../runtime/contracts/journal-entry.ts'
import { ATTEMPTS, UNDOS } from './program.ts'
import type { World } from './world.ts'

const END_KINDS = new Set(['completed', 'failed'])

type Outcome = Extract<JournalEntry, { kind: 'step-completed' | 'step-failed' }>

export function checkJournal(world: World, id: string, entries: readonly JournalEntry[], keyPrefix: string): readonly string[] {
  const wrong: string[] = []
  const say = (what: string): void => void wrong.push(`${id}: ${what}`)
  checkOrder(entries, say)
  checkWaits(entries, say)
  const outcomes = checkOutcomes(entries, say)
  for (const [key, entry] of outcomes) {
    if (entry.kind === 'step-completed' && !world.ledger.effects.has(`${keyPrefix}${key}`)) say(`${key} completed without an effect`)
  }
  const started = new Set(entries.filter((entry) => entry.kind === 'step-started').map((entry) => `${keyPrefix}${callKey(entry)}`))
  for (const key of world.ledger.charges.get(id) ?? []) if (!started.has(key)) say(`the body of ${key} ran with no durable start`)
  checkCompensation({ world, id, entries, keyPrefix, say })
  return wrong
}

function checkOrder(entries: readonly JournalEntry[], say: (what: string) => void): void {
  if (entries[0]?.kind !== 'started') say('does not begin with "started"')
  let at = 0
  for (const [i, entry] of entries.entries()) {
    if (entry.at < at) say(`time goes back at entry ${i}, ${entry.kind}`)
    at = entry.at
    if (i > 0 && entry.kind === 'started') say('is started twice')
    if (END_KINDS.has(entry.kind) && i !== entries.length - 1) say(`has ${entries[i + 1]!.kind} after its end`)
  }
  const last = entries.at(-1)
  if (last === undefined || !END_KINDS.has(last.kind)) say(`ends with ${last?.kind}`)
}

/** A timer is set once, fires at most once and not before its time; signals of a channel are received once each, in the order sent. */
function checkWaits(entries: readonly JournalEntry[], say: (what: string) => void): void {
  const due = new Map<string, number>()
  const received = new Map<string, number>()
  for (const entry of entries) {
    if (entry.kind === 'timer-set') {
      if (due.has(callKey(entry))) say(`the timer of ${callKey(entry)} was set twice`)
      due.set(callKey(entry), entry.dueAt)
    } else if (entry.kind === 'timer-fired') {
      const dueAt = due.get(callKey(entry)) ?? Infinity
      if (entry.at < dueAt) say(`the timer of ${callKey(entry)} fired at ${entry.at}, and was due at ${dueAt}`)
      due.set(callKey(entry), Infinity)
    } else if (entry.kind === 'signal-received') {
      const next = received.get(entry.name) ?? 0
      if (entry.payload !== next) say(`received signal ${String(entry.payload)} of ${entry.name}, and not ${next}`)
      received.set(entry.name, next + 1)
    }
  }
}

/** At most one outcome per call, after its failed attempts in order. */
function checkOutcomes(entries: readonly JournalEntry[], say: (what: string) => void): ReadonlyMap<string, Outcome> {
  const outcomes = new Map<string, Outcome>()
  const failures = new Map<string, number>()
  const compensating = entries.findIndex(({ kind }) => kind === 'compensation-started')
  for (const [i, entry] of entries.entries()) {
    if (entry.kind !== 'step-completed' && entry.kind !== 'step-failed' && entry.kind !== 'attempt-failed') continue
    const key = callKey(entry)
    if (outcomes.has(key)) say(`${key} has ${entry.kind} after ${outcomes.get(key)!.kind}`)
    if (compensating >= 0 && i > compensating) say(`${key} has ${entry.kind} after the compensation began`)
    if (entry.attempt !== (failures.get(key) ?? 0) + 1)
      say(`${key} has attempt ${entry.attempt} after ${failures.get(key) ?? 0} failed ones`)
    if (entry.kind === 'attempt-failed') failures.set(key, entry.attempt)
    else {
      outcomes.set(key, entry)
      if (entry.attempt > ATTEMPTS[methodOf(entry.method)]) say(`${key} took attempt ${entry.attempt}`)
    }
  }
  return outcomes
}

function methodOf(method: string): keyof typeof ATTEMPTS {
  return method as keyof typeof ATTEMPTS
}

interface CompensationCheck {
  readonly world: World
  readonly id: string
  readonly entries: readonly JournalEntry[]
  readonly keyPrefix: string
  readonly say: (what: string) => void
}

function checkCompensation({ world, id, entries, keyPrefix, say }: CompensationCheck): void {
  const begun = entries.find((entry) => entry.kind === 'compensation-started')
  const last = entries.at(-1)
  const done = entries.filter((entry) => entry.kind === 'step-compensated').map((entry) => callKey(entry))
  const seen = (world.ledger.undos.get(id) ?? []).map(
    ({ key, known }) => `${key.slice(keyPrefix.length)} ${known ? 'completed' : 'unknown'}`,
  )
  const expected = last?.kind === 'failed' ? toUndo(entries) : []
  const keys = expected.map((undo) => undo.slice(0, undo.lastIndexOf(' ')))
  if (done.join() !== keys.join()) say(`compensated ${done.join()} instead of ${keys.join()}`)
  if (seen.join() !== expected.join()) say(`undid ${seen.join()} instead of ${expected.join()}`)
  if (last?.kind !== 'failed') return
  if (begun !== undefined && begun.outcome !== last.outcome) say(`was ${begun.outcome} and ended ${last.outcome}`)
  // A cancel that comes when undos are running is noted and does nothing.
  const before = begun === undefined ? entries : entries.slice(0, entries.indexOf(begun))
  if (before.some(({ kind }) => kind === 'cancel-requested') !== (last.outcome === 'cancelled')) say(`ended ${last.outcome}`)
}

/** Calls to undo, the last to take place first, each with whether it is known to have taken place. */
function toUndo(entries: readonly JournalEntry[]): string[] {
  const order: string[] = []
  const known = new Map<string, boolean>()
  for (const entry of entries) {
    if (entry.kind !== 'step-started' && entry.kind !== 'step-completed' && entry.kind !== 'step-failed') continue
    const when = UNDOS[entry.method]
    if (when === undefined || (when === 'completed' && entry.kind !== 'step-completed')) continue
    const key = callKey(entry)
    if (known.has(key)) order.splice(order.indexOf(key), 1)
    order.push(key)
    known.set(key, entry.kind === 'step-completed')
  }
  return order.toReversed().map((key) => `${key} ${known.get(key) === true ? 'completed' : 'unknown'}`)
}
