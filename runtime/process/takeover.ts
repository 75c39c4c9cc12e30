/**
 * What a new owner notes in the journal of an instance before it goes on with it, and why it may not.
 *
 * Invariants
 * 1. A stuck instance is woken by `resume` and `cancel` only, and each of them is taken into the journal, so that it wakes it once.
 * 2. An instance goes on with other code only when the call sites that its journal mentions still match.
 */
import { CatgaError, ShapeMismatchError } from '../contracts/errors.ts'
import type { JournalEntry } from '../contracts/journal-entry.ts'
import type { ClaimedInstance, DeliveredMessage, JournalStore } from '../contracts/journal-store.ts'
import type { ProcessDefinition } from './definition.ts'
import type { RunEnd } from './run-end.ts'
import type { RunServices } from './run-services.ts'
import { diffShape } from './shape.ts'

export interface TakeoverRequest {
  readonly store: JournalStore
  readonly services: RunServices
  readonly maxTakeovers: number
  readonly definition: ProcessDefinition
  readonly claimed: ClaimedInstance
  readonly entries: readonly JournalEntry[]
  readonly messages: readonly DeliveredMessage[]
}

export type PreparedTakeover =
  | {
      readonly kind: 'goes on'
      readonly entries: readonly JournalEntry[]
      readonly olderShapes: readonly string[]
      /** Those the journal has not taken yet. */
      readonly messages: readonly DeliveredMessage[]
    }
  | Extract<RunEnd, { kind: 'stuck' }>

export async function prepareTakeover(request: TakeoverRequest): Promise<PreparedTakeover> {
  const { services, claimed } = request
  let { messages } = request
  const { journal, summary } = claimed
  const entries = [...request.entries]
  const isStuck = summary.status === 'stuck'
  const isUndoing = entries.some(({ kind }) => kind === 'compensation-started')
  const resume = messages.find(({ message }) => message.kind === 'resume')
  const cancel = messages.find(({ message }) => message.kind === 'cancel')
  const stamp = (): number => Math.max(services.clock.now(), entries.at(-1)!.at)

  // Undoing needs only the journal: a stuck instance can be cancelled whatever keeps it from going on.
  if (isStuck && cancel !== undefined && !isUndoing) return goesOn(request, entries, messages)
  if (isStuck && cancel !== undefined && resume === undefined) return noteCancel(request, entries, cancel, stamp())
  if (isStuck && resume !== undefined) {
    const upTo = messages.indexOf(resume) + 1
    const taken = takenUpTo(messages.slice(0, upTo), stamp(), isUndoing)
    await journal.append(entries.length, taken, isUndoing ? 'compensating' : 'running')
    entries.push(...taken)
    messages = messages.slice(upTo)
  }
  const error = claimed.takeovers >= request.maxTakeovers ? crashLoop(claimed.takeovers) : await shapeMismatch(request)
  if (error !== undefined) {
    await journal.append(entries.length, { kind: 'stuck', at: stamp(), error: services.errors.record(error) }, 'stuck')
    return { kind: 'stuck', error }
  }
  const { shape } = request.definition.manifest
  if (notedShape(entries) !== shape) {
    const entry = { kind: 'shape', at: stamp(), shape } as const
    await journal.append(entries.length, entry)
    entries.push(entry)
  }
  return goesOn(request, entries, messages)
}

/** A resume and the signals before it, which its entry takes out of the inbox too. */
function takenUpTo(messages: readonly DeliveredMessage[], at: number, isUndoing: boolean): readonly JournalEntry[] {
  return messages.flatMap(({ position: inbox, message }): readonly JournalEntry[] => {
    if (message.kind === 'resume') return [{ kind: 'resumed', at, inbox }]
    if (message.kind === 'cancel' || isUndoing) return []
    return [{ kind: 'signal-received', at, name: message.name, payload: message.payload, inbox }]
  })
}

/** Cancelling an instance that is being undone does nothing; the journal has it, so that it wakes the instance no more. */
async function noteCancel(
  { claimed, services }: TakeoverRequest,
  entries: readonly JournalEntry[],
  { position, message }: DeliveredMessage,
  at: number,
): Promise<PreparedTakeover> {
  const reason = message.kind === 'cancel' ? message.reason : ''
  await claimed.journal.append(entries.length, { kind: 'cancel-requested', at, reason, inbox: position }, 'stuck')
  const because = entries.findLast((entry) => entry.kind === 'stuck')
  return { kind: 'stuck', error: because === undefined ? undefined : services.errors.rebuild(because.error) }
}

async function goesOn(
  { store, definition }: TakeoverRequest,
  entries: readonly JournalEntry[],
  messages: readonly DeliveredMessage[],
): Promise<PreparedTakeover> {
  const older = shapesIn(entries).filter((shape) => shape !== definition.manifest.shape)
  const shapes = await Promise.all(older.map((hash) => store.loadShape(hash)))
  return { kind: 'goes on', entries, messages, olderShapes: shapes.filter((shape) => shape !== undefined) }
}

async function shapeMismatch({ store, definition, entries }: TakeoverRequest): Promise<CatgaError | undefined> {
  const noted = notedShape(entries)
  if (noted === undefined || noted === definition.manifest.shape) return undefined
  const recorded = await store.loadShape(noted)
  const diff = recorded === undefined ? [] : diffShape(recorded, definition, entries)
  return diff.length === 0 ? undefined : new ShapeMismatchError(definition.name, diff)
}

/** The shape of the code that wrote the journal last, where that is known. */
function notedShape(entries: readonly JournalEntry[]): string | undefined {
  return shapesIn(entries).at(-1)
}

function shapesIn(entries: readonly JournalEntry[]): readonly string[] {
  return entries.flatMap((entry) =>
    (entry.kind === 'started' || entry.kind === 'shape') && entry.shape !== undefined ? [entry.shape] : [],
  )
}

/** A worker that dies of the same instance again and again is not helped by trying it once more. */
export function crashLoop(takeovers: number): CatgaError {
  return new CatgaError(
    'crash-loop',
    `${takeovers} workers in a row took this instance over and none wrote anything. Look at what its next step does to the worker, then resume the instance.`,
  )
}
