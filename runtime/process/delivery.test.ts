import { describe, expect, test } from 'vitest'
import { Interleavings, type Shape } from '../../fixtures/processes/interleavings.ts'
import type { Outside } from '../../fixtures/processes/outside.ts'
import type { JournalEntry } from '../contracts/journal-entry.ts'
import { StoreUnavailableError } from '../contracts/errors.ts'
import { MemoryJournalStore } from '../memory/memory-journal-store.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { SeededRandom } from '../testing/seeded-random.ts'
import { createApp } from './app.ts'
import { type AskedAppend, ControlledStore } from './controlled-store.test-support.ts'
import { crashedAfter, entriesOf, type Gate, gate, idle, passTime, until } from './harness.test-support.ts'

const SHAPES: readonly Shape[] = [
  'all',
  'race',
  'any',
  'allSettled',
  'allRejected',
  'pool',
  'forAwait',
  'chains',
  'nested',
  'early',
  'loop',
  'asyncIife',
  'manualRace',
  'uneven',
]

/** Bodies end in an order that the seed decides, one per turn or all that wait at once. */
function shuffled(seed: number): Outside {
  const random = new SeededRandom(seed)
  const waiting: (() => void)[] = []
  const next = (): void => waiting.splice(random.below(waiting.length), 1)[0]?.()
  const turn = (): void => {
    next()
    if (seed % 2 === 0) while (waiting.length > 0) next()
  }
  return (_step, [name]) =>
    new Promise((resolve) => {
      waiting.push(() => resolve(`did ${String(name)}`))
      setImmediate(() => setImmediate(turn))
    })
}

async function runOnce(
  shape: Shape,
  seed: number,
): Promise<{ readonly entries: JournalEntry[]; readonly trace: string[]; readonly result: unknown }> {
  const journal = new MemoryJournalStore()
  const trace: string[] = []
  const app = createApp({ journal, settleGraceMs: 1 }).process(Interleavings, () => new Interleavings(shuffled(seed), trace))
  const result = await app.run(Interleavings, shape, { id: 'x' })
  await app.close()
  return { entries: await entriesOf(journal, { process: 'Interleavings', id: 'x' }), trace, result }
}

/** Goes on after a crash that left this journal. */
async function resume(entries: readonly JournalEntry[], outside: Outside) {
  const ref = { process: 'Interleavings', id: 'x' }
  const journal = await crashedAfter(ref, entries, new FakeClock(entries.at(-1)!.at))
  const trace: string[] = []
  let bodies = 0
  const counted: Outside = (...call) => {
    bodies++
    return outside(...call)
  }
  const app = createApp({ journal, settleGraceMs: 1 }).process(Interleavings, () => new Interleavings(counted, trace))
  await app.open()
  const result = await app.handle(Interleavings, ref.id).result()
  await app.close()
  return { entries: await entriesOf(journal, ref), trace, result, bodies }
}

function outcomesIn(entries: readonly JournalEntry[]): number {
  return entries.filter(({ kind }) => kind === 'step-completed' || kind === 'step-failed').length
}

describe('what replay sees equals what the first run saw', () => {
  for (const shape of SHAPES) {
    test(`${shape}, whatever the order its steps end in`, async () => {
      for (let seed = 1; seed <= 6; seed++) {
        const { entries, trace, result } = await runOnce(shape, seed)
        const replay = await resume(entries.slice(0, -1), shuffled(seed))
        expect(replay.result).toEqual(result)
        expect(replay.trace).toEqual(trace)
        expect(replay.bodies).toBe(0)
        expect(replay.entries).toEqual([...entries.slice(0, -1), expect.objectContaining({ kind: 'completed' })])
      }
    })

    test(`${shape}, cut off after any entry, keeps what was journaled and goes on in an order that replays`, async () => {
      const { entries } = await runOnce(shape, 3)
      for (let length = 1; length < entries.length; length++) {
        const kept = entries.slice(0, length)
        const goesOn = await resume(kept, shuffled(length))
        expect(goesOn.entries.slice(0, length)).toEqual(kept)
        expect(goesOn.bodies).toBeGreaterThanOrEqual(outcomesIn(goesOn.entries) - outcomesIn(kept))
        const again = await resume(goesOn.entries.slice(0, -1), shuffled(0))
        expect(again.trace).toEqual(goesOn.trace)
        expect(again.result).toEqual(goesOn.result)
        expect(again.bodies).toBe(0)
      }
    })
  }
})

/** A store whose appends wait for `acknowledge`. */
function slowStore(): { readonly journal: ControlledStore; readonly asked: AskedAppend[]; readonly acks: Gate[] } {
  const journal = new ControlledStore(new MemoryJournalStore())
  const asked: AskedAppend[] = []
  const acks: Gate[] = []
  journal.onAppend = (append) => {
    append.make()
    asked.push(append)
    const ack = gate()
    acks.push(ack)
    return ack.promise
  }
  return { journal, asked, acks }
}

describe('durable before visible', () => {
  test('a result that the store has not acknowledged is not seen', async () => {
    const { journal, asked, acks } = slowStore()
    const bodies: string[] = []
    const app = createApp({ journal }).process(
      Interleavings,
      () => new Interleavings((_step, [name]) => (bodies.push(String(name)), name), []),
    )
    const result = app.run(Interleavings, 'loop')
    await until(() => asked.length === 1)
    await idle()
    expect(bodies).toEqual(['a1'])
    acks[0]!.open()
    await until(() => asked.length === 2)
    expect(bodies).toEqual(['a1', 'a2'])
    for (let i = 1; i < 5; i++) {
      await until(() => acks.length > i)
      acks[i]!.open()
    }
    expect(await result).toEqual(['a1', 'a2', 'a1', 'a2'])
    await app.close()
  })

  test('nor is one of several at once, nor the end of the process', async () => {
    const { journal, asked, acks } = slowStore()
    const trace: string[] = []
    const app = createApp({ journal }).process(Interleavings, () => new Interleavings((_step, [name]) => name, trace))
    let ended = false
    const result = app.run(Interleavings, 'all').finally(() => (ended = true))
    await until(() => asked.length === 3)
    await idle()
    expect(trace).toEqual([])
    for (const ack of acks.slice(0, 3)) ack.open()
    await until(() => asked.length === 6)
    expect(trace).toEqual(['one a1', 'one a2', 'one a3'])
    for (const ack of acks.slice(3, 6)) ack.open()
    await until(() => asked.length === 7)
    await idle()
    expect(asked[6]!.status).toBe('completed')
    expect(ended).toBe(false)
    acks[6]!.open()
    expect(await result).toEqual(['b1', 'b2', 'b3'])
    await app.close()
  })

  test('results are seen in journal order, even when acknowledgements come in another', async () => {
    const { journal, asked, acks } = slowStore()
    const trace: string[] = []
    const app = createApp({ journal }).process(Interleavings, () => new Interleavings((_step, [name]) => name, trace))
    const result = app.run(Interleavings, 'all')
    await until(() => asked.length === 3)
    acks[2]!.open()
    await idle()
    acks[1]!.open()
    await idle()
    expect(trace).toEqual([])
    acks[0]!.open()
    await idle()
    expect(trace).toEqual(['one a1', 'one a2', 'one a3'])
    for (let i = 3; i < 7; i++) {
      await until(() => acks.length > i)
      acks[i]!.open()
    }
    await result
    await app.close()
  })

  test('a lost acknowledgement delays what comes after it', async () => {
    const clock = new FakeClock()
    const journal = new ControlledStore(new MemoryJournalStore({ clock }))
    let appends = 0
    journal.onAppend = async (append) => {
      append.make()
      if (++appends === 1) throw new StoreUnavailableError('controlled', 'append')
    }
    const trace: string[] = []
    const app = createApp({ journal, clock }).process(Interleavings, () => new Interleavings((_step, [name]) => name, trace))
    const result = app.run(Interleavings, 'all')
    await idle()
    expect(trace).toEqual([])
    expect(await passTime(clock, result)).toEqual(['b1', 'b2', 'b3'])
    expect(trace.slice(0, 3)).toEqual(['one a1', 'one a2', 'one a3'])
    await app.close()
  })
})
