import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Derived, Talks } from '../../fixtures/processes/derived.ts'
import type { JournalEntry } from '../contracts/journal-entry.ts'
import { MemoryJournalStore } from '../memory/memory-journal-store.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { createApp } from './app.ts'
import { crashedAfter, entriesOf, idle } from './harness.test-support.ts'

async function draw(id: string, entries?: readonly JournalEntry[]) {
  const ref = { process: 'Derived', id }
  const clock = new FakeClock()
  const journal = entries === undefined ? new MemoryJournalStore({ clock }) : await crashedAfter(ref, entries, clock)
  const seen: Record<string, unknown[]> = {}
  const outside = async (): Promise<void> => {
    clock.advance(7)
    await idle(1)
  }
  const app = createApp({ journal, clock }).process(Derived, () => new Derived(outside, seen))
  await app.open()
  if (entries === undefined) await app.start(Derived, null, { id })
  const result = (await app.handle(Derived, id).result()) as { randoms: unknown[]; times: number[] }
  await app.close()
  return { result, seen, entries: await entriesOf(journal, ref) }
}

test('random values are distinct, in parallel closures and helpers too', async () => {
  const { result } = await draw('x')
  expect(result.randoms).toHaveLength(4 + 15 + 2)
  expect(new Set(result.randoms).size).toBe(result.randoms.length)
  for (const value of result.randoms) {
    if (typeof value === 'number') expect(value >= 0 && value < 1).toBe(true)
    else expect(value).toMatch(/^([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|\d+(,\d+){7})$/)
  }
})

test('another id draws other values', async () => {
  const one = await draw('x')
  const two = await draw('y')
  expect(one.result.randoms.filter((value) => two.result.randoms.includes(value))).toEqual([])
})

test('time and randomness are the same on replay, cut off after any entry', async () => {
  const first = await draw('x')
  expect(first.entries.map(({ kind }) => kind).filter((kind) => kind !== 'step-completed')).toEqual(['started', 'completed'])
  const replay = await draw('x', first.entries.slice(0, -1))
  expect(replay.seen).toEqual(first.seen)
  for (let length = 1; length < first.entries.length; length++) {
    const cut = await draw('x', first.entries.slice(0, length))
    expect(cut.result.randoms).toEqual(first.result.randoms)
  }
})

test('time never goes back, moves with the journal and not with the clock', async () => {
  const { seen, entries } = await draw('x')
  const times = seen['times'] as number[]
  expect([...times].sort((a, b) => a - b)).toEqual(times)
  const recorded = new Set(entries.map(({ at }) => at))
  for (const time of times) expect(recorded).toContain(time)
  expect(times[0]).toBe(entries[0]!.at)
  expect(times[0]).toBe(times[1])
  expect(times.at(-1)! - times[0]!).toBeGreaterThan(0)
  expect(seen['elapsed']![0]).toBe(0)
  expect(seen['elapsed']![1]).toBeGreaterThan(0)
  expect(seen['dates']![0]).toEqual(new Date(times.at(-1)!))
  expect(seen['dates']!.slice(1)).toEqual([new Date(5), 'object'])
})

test('a clock that is set back does not set time in process code back', async () => {
  const clock = new FakeClock()
  const back = { now: () => clock.now(), setTimer: (delayMs: number, fire: () => void) => clock.setTimer(delayMs, fire) }
  let offset = 0
  const seen: Record<string, unknown[]> = {}
  const app = createApp({ journal: new MemoryJournalStore(), clock: { ...back, now: () => clock.now() + offset } }).process(
    Derived,
    () =>
      new Derived(() => {
        offset -= 10_000
      }, seen),
  )
  await app.run(Derived, null)
  const times = seen['times'] as number[]
  expect([...times].sort((a, b) => a - b)).toEqual(times)
  await app.close()
})

const lines: string[] = []
beforeEach(() => {
  lines.length = 0
  const note = (...args: unknown[]): void =>
    void lines.push(args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg))).join(' '))
  vi.spyOn(console, 'info').mockImplementation(note)
  vi.spyOn(console, 'warn').mockImplementation(note)
})
afterEach(() => {
  vi.restoreAllMocks()
})

test('process code writes to the console once, and not again on replay; bodies write whenever they run', async () => {
  const ref = { process: 'Talks', id: 't' }
  const journal = new MemoryJournalStore()
  const app = createApp({ journal }).process(Talks, () => new Talks(() => undefined))
  await app.run(Talks, null, { id: ref.id })
  await app.close()
  expect(lines).toEqual(['before the first', 'body 1', 'before the second {"n":2}', 'body 2', 'before the third', 'body 3'])
  const entries = await entriesOf(journal, ref)
  lines.length = 0
  const other = createApp({ journal: await crashedAfter(ref, entries.slice(0, 3)) }).process(Talks, () => new Talks(() => undefined))
  await other.open()
  expect(await other.handle(Talks, ref.id).result()).toBe('done')
  await other.close()
  expect(lines).not.toContain('before the first')
  expect(lines).not.toContain('before the second {"n":2}')
  expect(lines.filter((line) => line.startsWith('body'))).toEqual(['body 3'])
})
