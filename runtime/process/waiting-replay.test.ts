/**
 * Waits replay: what process code saw the first time, it sees again, wherever its worker died and however its signals came.
 */
import { describe, expect, test } from 'vitest'
import { type Wait, Waiting } from '../../fixtures/processes/waiting.ts'
import type { JournalEntry } from '../contracts/journal-entry.ts'
import { FencedError, StoreUnavailableError } from '../contracts/errors.ts'
import { MemoryJournalStore } from '../memory/memory-journal-store.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { SeededRandom } from '../testing/seeded-random.ts'
import { ControlledStore } from './controlled-store.test-support.ts'
import { entriesOf, idle, passTime } from './harness.test-support.ts'
import { play, send, type Sent, type Stage, stage, takeOver, WAITER } from './waiting.test-support.ts'

const PLOTS: readonly Wait[] = [
  'sleep',
  'signal',
  'timeout',
  'tryTimeout',
  'inOrder',
  'pipeline',
  'race',
  'reminders',
  'strands',
  'signalAgainstTime',
  'leftOver',
  'sleepers',
]

/** Enough signals for every plot, at times that the seed decides; some before they are waited for. */
function signalsOf(seed: number): Sent[] {
  const random = new SeededRandom(seed)
  const at = (): number => random.pick([0, 0, 10, 20, 100, 200, 999, 1000, 1001, 2500])
  const sent: Sent[] = []
  for (let number = 1; number <= 5; number++) sent.push({ name: 'noted', payload: number, afterMs: at() })
  sent.push({ name: 'approved', payload: { by: 'kim' }, afterMs: at() })
  return sent.sort((a, b) => a.afterMs - b.afterMs)
}

interface Played {
  readonly entries: readonly JournalEntry[]
  readonly trace: readonly string[]
  readonly result: unknown
  readonly bodies: readonly string[]
}

async function ended(on: Stage, startedAt: number, signals: readonly Sent[]): Promise<Played> {
  await send(on, startedAt, signals)
  const result = await passTime(on.clock, on.app.handle(Waiting, WAITER.id).tryResult())
  await passTime(on.clock, on.app.close())
  return { entries: await entriesOf(on.journal, WAITER), trace: on.trace, bodies: on.bodies, result }
}

/** How long an instance that waits stays in memory: seeds cover never, often and at once. */
const parkAfterMs = (seed: number): number => [1e9, 50, 0][seed % 3]!

async function playOnce(plot: Wait, seed: number): Promise<Played> {
  const on = await play(plot, { parkAfterMs: parkAfterMs(seed) })
  return ended(on, on.clock.now(), signalsOf(seed))
}

/** Signals that the journal does not have: what came after the crash. */
function notYetSent(signals: readonly Sent[], entries: readonly JournalEntry[]): Sent[] {
  return signals.slice(entries.filter(({ kind }) => kind === 'signal-received').length)
}

describe('what replay sees equals what the first run saw', () => {
  test.each(PLOTS)('%s, whenever its signals come, in memory or parked', async (plot) => {
    for (let seed = 1; seed <= 6; seed++) {
      const first = await playOnce(plot, seed)
      const on = await takeOver(first.entries.slice(0, -1), { parkAfterMs: 1e9 })
      const again = await ended(on, first.entries[0]!.at, [])
      expect({ seed, result: again.result }).toEqual({ seed, result: first.result })
      // Time passes in a replay by the entries shown: what the process saw of the first run is the end of its trace.
      expect(first.trace.join()).toContain(again.trace.join())
      expect(again.bodies).toEqual([])
      expect(again.entries.slice(0, -1)).toEqual(first.entries.slice(0, -1))
    }
  })

  test.each(PLOTS)('%s, cut off after any entry, keeps what was journaled and goes on in an order that replays', async (plot) => {
    const seed = 5
    const { entries } = await playOnce(plot, seed)
    for (let length = 1; length < entries.length; length++) {
      const kept = entries.slice(0, length)
      const startedAt = kept[0]!.at
      const goesOn = await ended(await takeOver(kept), startedAt, notYetSent(signalsOf(seed), kept))
      expect(goesOn.entries.slice(0, length)).toEqual(kept)
      const again = await ended(await takeOver(goesOn.entries.slice(0, -1)), startedAt, [])
      expect({ length, result: again.result }).toEqual({ length, result: goesOn.result })
      expect(again.bodies).toEqual([])
    }
  })
})

/** A worker that loses its instance before or after its n-th write; another goes on. */
async function crashAt(plot: Wait, write: number, when: 'before' | 'after', signals: readonly Sent[]): Promise<boolean> {
  const clock = new FakeClock()
  const inner = new MemoryJournalStore({ clock })
  const journal = new ControlledStore(inner)
  let writes = 0
  let crashed = false
  const crash = (): never => {
    if (!crashed) setImmediate(() => void dying.app.close({ timeoutMs: 0 }))
    crashed = true
    throw new FencedError('this instance')
  }
  journal.onAppend = (append) => {
    if (crashed || (++writes === write && when === 'before')) crash()
    append.make()
    if (writes === write) crash()
  }
  const dying = stage({ clock, journal, pollMs: 1e9 })
  await dying.app.start(Waiting, { plot }, { id: WAITER.id })
  const startedAt = clock.now()
  const next = stage({ clock, journal: inner, pollMs: 10 })
  await next.app.open()
  await send({ ...next, clock }, startedAt, signals)
  const result = await next.app.handle(Waiting, WAITER.id).tryResult()
  expect(result.ok).toBe(true)
  const entries = await entriesOf(inner, WAITER)
  const received = entries.flatMap((entry) =>
    entry.kind === 'signal-received' ? [`${entry.name} ${JSON.stringify(entry.payload instanceof Uint8Array ? 0 : entry.payload)}`] : [],
  )
  const sent = signals.map(({ name, payload }) => `${name} ${JSON.stringify(typeof payload === 'object' ? 0 : payload)}`)
  expect(received).toEqual(sent.slice(0, received.length))
  const again = await ended(await takeOver(entries.slice(0, -1)), startedAt, [])
  expect({ plot, write, when, result: again.result }).toEqual({ plot, write, when, result })
  expect(again.bodies).toEqual([])
  await dying.app.close({ timeoutMs: 0 })
  await next.app.close()
  return crashed
}

describe('a crash at any write', () => {
  test.each(PLOTS)('%s: the next worker goes on, every signal counts once and in the order sent', async (plot) => {
    for (const when of ['before', 'after'] as const) {
      for (let write = 1; await crashAt(plot, write, when, signalsOf(5)); write++) expect(write).toBeLessThan(40)
    }
  })
})

test.each(PLOTS)('%s: a store that loses acknowledgements changes nothing', async (plot) => {
  const clock = new FakeClock()
  const journal = new ControlledStore(new MemoryJournalStore({ clock }))
  const random = new SeededRandom(7)
  journal.onAppend = async (append) => {
    append.make()
    await idle(random.below(3))
    if (random.chance(0.3)) throw new StoreUnavailableError('controlled', 'append')
  }
  const on = await play(plot, { clock, journal })
  const lossy = await ended(on, clock.now(), signalsOf(3))
  const again = await ended(await takeOver(lossy.entries.slice(0, -1)), lossy.entries[0]!.at, [])
  expect(again.result).toEqual(lossy.result)
  expect(again.bodies).toEqual([])
})
