import { expect, test } from 'vitest'
import { Compatible } from '../../fixtures/processes/versions/compatible.ts'
import { InsertedCall } from '../../fixtures/processes/versions/inserted-call.ts'
import { InsertedClosure } from '../../fixtures/processes/versions/inserted-closure.ts'
import { MovedToHelper } from '../../fixtures/processes/versions/moved-to-helper.ts'
import { Original } from '../../fixtures/processes/versions/original.ts'
import { RemovedStep } from '../../fixtures/processes/versions/removed-step.ts'
import { RenamedMethod } from '../../fixtures/processes/versions/renamed-method.ts'
import { SwappedCalls } from '../../fixtures/processes/versions/swapped-calls.ts'
import type { Outside } from '../../fixtures/processes/outside.ts'
import type { JournalEntry } from '../contracts/journal-entry.ts'
import { NonRetryableError, ProcessFailedError, type ShapeMismatchError } from '../contracts/errors.ts'
import type { JournalStore } from '../contracts/journal-store.ts'
import { MemoryJournalStore } from '../memory/memory-journal-store.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { createApp } from './app.ts'
import { crashedAfter, entriesOf, idle, passTime, until } from './harness.test-support.ts'

type Version = new (outside: Outside) => { execute(input: { readonly n: number }): Promise<unknown[]> }

const REF = { process: 'versioned', id: 'v' }

/** Entries a worker with the original code leaves behind, all but the end; the store knows the shape. */
async function original(kept: number) {
  const clock = new FakeClock()
  const journal = new MemoryJournalStore({ clock })
  const app = createApp({ journal, clock }).process(Original, () => new Original((step, [argument]) => `${step} ${String(argument)}`))
  await app.run(Original, { n: 7 }, { id: REF.id })
  await app.close()
  const entries = (await entriesOf(journal, REF)).slice(0, kept)
  const crashed = await crashedAfter(REF, entries, clock)
  const shape = (entries[0] as JournalEntry & { kind: 'started' }).shape!
  await crashed.saveShape(shape, (await journal.loadShape(shape))!)
  return { clock, journal: crashed as JournalStore, entries }
}

async function goesOn(version: Version, kept: number, body: (step: string) => unknown = (step) => `new ${step}`) {
  const { clock, journal, entries } = await original(kept)
  const deeds: unknown[][] = []
  const app = createApp({ journal, clock }).process(
    version,
    () =>
      new version((step, args) => {
        deeds.push([step, ...args])
        return body(step)
      }),
  )
  await app.open()
  const outcome = await passTime(
    clock,
    app
      .handle(version, REF.id)
      .result()
      .then(
        (value) => ({ value }),
        (error: unknown) => ({ error: error as Error & { code: string; cause: ShapeMismatchError } }),
      ),
  )
  const after = await entriesOf(journal, REF)
  await app.close()
  return { ...outcome, deeds, added: after.slice(entries.length), journal, clock }
}

test('renamed locals, moved lines and another step change no journal key: the instance goes on', async () => {
  const on = await goesOn(Compatible, 4)
  expect(on).toMatchObject({ value: ['one 7', 'two a', 'two b', 'new three', 'new three', 'new four'] })
  expect(on.deeds).toEqual([['four'], ['three', 1], ['three', 2]])
  expect(on.added[0]!.kind).toBe('shape')
})

test('what newer code inserted replays where it was inserted, cut off after any entry', async () => {
  const on = await goesOn(Compatible, 4)
  const entries = await entriesOf(on.journal, REF)
  const shapes = entries.flatMap((entry) =>
    (entry.kind === 'started' || entry.kind === 'shape') && entry.shape !== undefined ? [entry.shape] : [],
  )
  expect(shapes).toHaveLength(2)
  for (let length = 5; length < entries.length; length++) {
    const clock = new FakeClock(entries.at(-1)!.at)
    const journal = await crashedAfter(REF, entries.slice(0, length), clock)
    for (const shape of shapes) await journal.saveShape(shape, (await on.journal.loadShape(shape))!)
    const deeds: string[] = []
    const app = createApp({ journal, clock }).process(Compatible, () => new Compatible((step) => (deeds.push(step), `new ${step}`)))
    await app.open()
    expect(await passTime(clock, app.handle(Compatible, REF.id).result())).toEqual([
      'one 7',
      'two a',
      'two b',
      'new three',
      'new three',
      'new four',
    ])
    expect(deeds).toEqual(['four', 'three', 'three'].slice(length - 5))
    await app.close()
  }
})

test('a method may be renamed when its step keeps its name, and its undo is found', async () => {
  const on = await goesOn(RenamedMethod, 4)
  expect(on).toMatchObject({ value: ['one 7', 'two a', 'two b', 'new three', 'new three'] })
  const failing = await goesOn(RenamedMethod, 4, (step) => {
    if (step === 'three') throw new NonRetryableError('no')
    return 'undone'
  })
  expect(failing).toMatchObject({ error: expect.any(ProcessFailedError) })
  expect(failing.deeds.at(-1)).toEqual(['undoOne', 'one 7', 7])
})

for (const [name, version, says] of [
  ['a call inserted before others of its step', InsertedCall, /two/],
  ['two calls of one step swapped', SwappedCalls, /two/],
  ['a step that the journal has and the code has not', RemovedStep, /one/],
  ['a call moved into a helper', MovedToHelper, /one/],
] as const) {
  test(`${name}: stuck with a diff that names it, nothing run, nothing undone`, async () => {
    const on = await goesOn(version as Version, 4)
    expect('error' in on && on.error).toMatchObject({ code: 'process-stuck', cause: { code: 'shape-mismatch' } })
    expect('error' in on && on.error.message).toMatch(says)
    expect(on.deeds).toEqual([])
    expect(on.added.map(({ kind }) => kind)).toEqual(['stuck'])
  })
}

test('a closure inserted before others: stuck, once the journal has results of theirs', async () => {
  const on = await goesOn(InsertedClosure, 5)
  expect('error' in on && on.error).toMatchObject({ code: 'process-stuck', cause: { code: 'shape-mismatch' } })
  expect(on.deeds).toEqual([])
  expect(await goesOn(InsertedClosure, 4)).toMatchObject({ value: ['one 7', 'two a', 'two b', 'new three', 'new three', 'new three'] })
})

test('what the journal never reached may change freely', async () => {
  for (const version of [InsertedCall, SwappedCalls, RemovedStep, MovedToHelper] as readonly Version[]) {
    expect(await goesOn(version, 1)).toHaveProperty('value')
  }
})

test('resumed with code that still does not fit it stays stuck; with the old code it goes on', async () => {
  const { journal, clock } = await goesOn(RemovedStep, 4)
  const wrong = createApp({ journal, clock }).process(RemovedStep, () => new RemovedStep(() => 'wrong'))
  await wrong.open()
  await wrong.client.resume(REF)
  await passTime(
    clock,
    until(async () => (await entriesOf(journal, REF)).filter(({ kind }) => kind === 'stuck').length === 2),
  )
  await idle()
  expect((await journal.get(REF))?.status).toBe('stuck')
  await wrong.close()
  const right = createApp({ journal, clock }).process(Original, () => new Original((step) => `again ${step}`))
  await right.open()
  await right.client.resume(REF)
  await passTime(
    clock,
    until(async () => (await journal.get(REF))?.status === 'completed'),
  )
  expect(await right.handle(Original, REF.id).result()).toEqual(['one 7', 'two a', 'two b', 'again three', 'again three'])
  await right.close()
})

test('a stuck instance can be cancelled by code that does not fit it', async () => {
  const { journal, clock } = await goesOn(SwappedCalls, 4)
  const app = createApp({ journal, clock }).process(SwappedCalls, () => new SwappedCalls(() => 'x'))
  await app.open()
  await app.client.cancel(REF, 'give up')
  await passTime(
    clock,
    until(async () => (await journal.get(REF))?.status === 'cancelled'),
  )
  await app.close()
})
