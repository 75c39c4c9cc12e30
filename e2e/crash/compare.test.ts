import { describe, expect, test } from 'vitest'
import type { ReportedOrder } from './app/report.ts'
import type { EffectLine } from './app/world.ts'
import { compare, type Differences } from './compare.ts'
import type { WorldState } from './world-state.ts'

/** A comparison that finds nothing wrong proves something only if it finds what is. */

const KILLED = 1
const LIVED = 2

function request(effect: string, key: string, change: Partial<EffectLine> = {}): EffectLine {
  return { order: 'a', effect, detail: '', key: `order/a/1/${key}`, pid: LIVED, workerSince: 100, ...change }
}

const entry = (kind: string, key: string, at: number) => ({ kind, key: `order/a/1/${key}`, at })

const ORDER: ReportedOrder = {
  id: 'a',
  status: 'failed',
  outcome: 'refused',
  epoch: 1,
  updatedAt: 0,
  entries: [
    entry('step-completed', 'reserve', 110),
    entry('step-completed', '~0/pick', 120),
    entry('step-completed', '~0/pack', 130),
    entry('step-compensated', '~0/pick', 140),
    entry('step-compensated', 'reserve', 150),
  ],
}

const RESERVE = request('reserve', 'reserve')
const PICK = request('pick lamp', '~0/pick')
const PACK = request('pack lamp', '~0/pack')
const UNDO_PICK = request('undo pick lamp', '~0/pick/undo')
const UNDO_RESERVE = request('undo reserve', 'reserve/undo')
const UNDISTURBED = [RESERVE, PICK, PACK, UNDO_PICK, UNDO_RESERVE]

const state = (requests: readonly EffectLine[], order = ORDER): WorldState => ({
  orders: new Map([['a', order]]),
  requests: new Map([['a', requests]]),
})

/** Names of the lists that are not empty. */
function found(requests: readonly EffectLine[], order = ORDER): readonly string[] {
  const { differences } = compare(state(UNDISTURBED), state(requests, order), new Set([KILLED]))
  return Object.keys(differences).filter((name) => differences[name as keyof Differences].length > 0)
}

describe('the comparison', () => {
  test('finds nothing in the same run, nor in one with a request repeated after a kill', () => {
    expect(found(UNDISTURBED)).toEqual([])
    expect(found([RESERVE, { ...PICK, pid: KILLED, workerSince: 50 }, PICK, PACK, UNDO_PICK, UNDO_RESERVE])).toEqual([])
  })

  test.each([
    { what: 'a lost effect', requests: UNDISTURBED.slice(0, -1), finds: ['lost'] },
    {
      what: 'an effect under a second key',
      requests: [request('reserve', 'reserve#2'), ...UNDISTURBED],
      finds: ['doubled', 'undueRepeats'],
    },
    { what: 'a request repeated by a worker that was not killed', requests: [RESERVE, ...UNDISTURBED], finds: ['undueRepeats'] },
    {
      what: 'a request repeated by a worker younger than its entry',
      requests: [{ ...RESERVE, pid: KILLED }, { ...RESERVE, workerSince: 111 }, ...UNDISTURBED.slice(1)],
      finds: ['undueRepeats'],
    },
    { what: 'another content', requests: [{ ...RESERVE, detail: 'x' }, ...UNDISTURBED.slice(1)], finds: ['changed'] },
    {
      what: 'a repeated request with another time',
      requests: [{ ...RESERVE, pid: KILLED, time: 1 }, { ...RESERVE, time: 2 }, ...UNDISTURBED.slice(1)],
      finds: ['changed'],
    },
    { what: 'steps in another order', requests: [PICK, RESERVE, PACK, UNDO_PICK, UNDO_RESERVE], finds: ['outOfOrder'] },
    { what: 'steps of one closure in another order', requests: [RESERVE, PACK, PICK, UNDO_PICK, UNDO_RESERVE], finds: ['outOfOrder'] },
    { what: 'undos in the order of the steps', requests: [RESERVE, PICK, PACK, UNDO_RESERVE, UNDO_PICK], finds: ['outOfOrder'] },
    { what: 'a step after an undo', requests: [RESERVE, PICK, UNDO_PICK, PACK, UNDO_RESERVE], finds: ['outOfOrder'] },
  ])('finds $what', ({ requests, finds }) => {
    expect(found(requests)).toEqual(finds)
  })

  test('finds another outcome, and an order nobody asked for', () => {
    expect(found(UNDISTURBED, { ...ORDER, status: 'stuck' })).toEqual(['outcomes'])
    const more = { ...state(UNDISTURBED), orders: new Map([['a', ORDER] as const, ['b', { ...ORDER, id: 'b' }] as const]) }
    expect(compare(state(UNDISTURBED), more, new Set()).differences.outcomes).toEqual(['b: nobody asked for it'])
  })
})
