/**
 * Holds a run that was killed against one that was not.
 *
 * A request with a known idempotency key has no effect of its own, so effects are counted by key. Steps are at least once:
 * a request may be repeated, but only of a call that was in flight when its worker was killed, and with the same content.
 */
import type { ReportedOrder } from './app/report.ts'
import type { EffectLine } from './app/world.ts'
import type { WorldState } from './world-state.ts'

/** What went wrong, in words; all lists are empty when nothing did. */
export interface Differences {
  /** Effects of the undisturbed run that never happened. */
  readonly lost: string[]
  /** Effects that happened under a second key. */
  readonly doubled: string[]
  /** Effects before what has to come first, undos not in reverse order of completion. */
  readonly outOfOrder: string[]
  /** Requests whose content is not that of the undisturbed run or of the request they repeat. */
  readonly changed: string[]
  /** Repeated requests of calls that the journal had, or by a worker that was not killed. */
  readonly undueRepeats: string[]
  /** Orders that ended in another way. */
  readonly outcomes: string[]
}

export const NOTHING_WRONG: Differences = { lost: [], doubled: [], outOfOrder: [], changed: [], undueRepeats: [], outcomes: [] }

export interface Comparison {
  readonly differences: Differences
  readonly orders: number
  readonly effects: number
  /** Requests beyond the first of their key. */
  readonly repeats: number
}

/** @param killed OS processes that were killed: only what they were at may be repeated */
export function compare(undisturbed: WorldState, crashed: WorldState, killed: ReadonlySet<number>): Comparison {
  const differences: Differences = { lost: [], doubled: [], outOfOrder: [], changed: [], undueRepeats: [], outcomes: [] }
  let effects = 0
  let repeats = 0
  for (const [id, order] of undisturbed.orders) {
    const found = crashed.orders.get(id)
    const requests = crashed.requests.get(id) ?? []
    const expected = firstByKey(undisturbed.requests.get(id) ?? [])
    const made = firstByKey(requests)
    effects += made.size
    repeats += requests.length - made.size
    if (found?.status !== order.status || found.outcome !== order.outcome) {
      differences.outcomes.push(`${id}: ${order.status} ${order.outcome}, after the kills ${found?.status} ${found?.outcome}`)
    }
    for (const key of expected.keys()) if (!made.has(key)) differences.lost.push(key)
    for (const key of made.keys()) if (!expected.has(key)) differences.doubled.push(key)
    for (const request of requests) checkContent(request, expected.get(request.key), made.get(request.key), differences)
    if (found === undefined) continue
    checkRepeats(requests, found, killed, differences)
    checkOrder([...made.values()], found, differences)
  }
  for (const id of crashed.orders.keys()) if (!undisturbed.orders.has(id)) differences.outcomes.push(`${id}: nobody asked for it`)
  return { differences, orders: crashed.orders.size, effects, repeats }
}

function firstByKey(requests: readonly EffectLine[]): ReadonlyMap<string, EffectLine> {
  const first = new Map<string, EffectLine>()
  for (const request of requests) if (!first.has(request.key)) first.set(request.key, request)
  return first
}

function checkContent(
  request: EffectLine,
  expected: EffectLine | undefined,
  first: EffectLine | undefined,
  { changed }: Differences,
): void {
  if (expected !== undefined && (request.effect !== expected.effect || request.detail !== expected.detail)) {
    changed.push(`${request.key}: "${expected.detail}" without kills, "${request.detail}" with them`)
  }
  if (request.time !== first?.time) changed.push(`${request.key}: repeated with time ${request.time} instead of ${first?.time}`)
}

function checkRepeats(
  requests: readonly EffectLine[],
  order: ReportedOrder,
  killed: ReadonlySet<number>,
  { undueRepeats }: Differences,
): void {
  const last = new Map<string, EffectLine>()
  for (const request of requests) {
    const { key } = request
    const committedAt = order.entries.find((entry) => entry.key === callOf(key) && commits(entry.kind, key))?.at ?? -Infinity
    if (request.workerSince > committedAt)
      undueRepeats.push(`${key}: requested by a worker started at ${request.workerSince}, in the journal since ${committedAt}`)
    const before = last.get(key)
    if (before !== undefined && (before.pid === request.pid || !killed.has(before.pid)))
      undueRepeats.push(`${key}: repeated by ${request.pid} after ${before.pid}`)
    last.set(key, request)
  }
}

const UNDO = '/undo'
const callOf = (key: string): string => (key.endsWith(UNDO) ? key.slice(0, -UNDO.length) : key)
const isEnd = (kind: string): boolean => kind === 'step-completed' || kind === 'step-failed'
/** Whether an entry of this kind says that the call behind an idempotency key is over. */
const commits = (kind: string, key: string): boolean => (key.endsWith(UNDO) ? kind === 'step-compensated' : isEnd(kind))

function checkOrder(effects: readonly EffectLine[], order: ReportedOrder, { outOfOrder }: Differences): void {
  const forward = effects.filter(({ key }) => !key.endsWith(UNDO))
  for (const [index, { effect, key }] of forward.entries()) {
    const late = forward.slice(index + 1).find((other) => isBefore(other.effect, effect))
    if (late !== undefined) outOfOrder.push(`${key} before ${late.key}`)
  }
  const undone = effects.filter(({ key }) => key.endsWith(UNDO)).map(({ key }) => callOf(key))
  const compensated = new Set(undone)
  const ended = order.entries.flatMap(({ kind, key }) => (isEnd(kind) && key !== undefined && compensated.has(key) ? [key] : []))
  if (undone.join() !== ended.toReversed().join()) outOfOrder.push(`${order.id}: undone ${undone.join()}, ended ${ended.join()}`)
  if (effects.some(({ key }, index) => key.endsWith(UNDO) && effects.slice(index).some((later) => !later.key.endsWith(UNDO)))) {
    outOfOrder.push(`${order.id}: a step after an undo`)
  }
}

/** Whether process code makes sure that the first effect is over when the second begins. */
function isBefore(first: string, second: string): boolean {
  const [a, b] = [stageOf(first), stageOf(second)]
  if (a !== b) return a < b
  const [[what, item], [otherWhat, otherItem]] = [first.split(' '), second.split(' ')]
  return item === otherItem && what === 'pick' && otherWhat === 'pack'
}

/** Effects of one stage are side by side, those of different stages one after the other. */
function stageOf(effect: string): number {
  const [what, item] = effect.split(' ')
  if (what === 'reserve') return 0
  if (what === 'charge') return Number(item)
  if (what === 'hand') return 1002
  return what === 'book' ? 1001 : 1000
}
