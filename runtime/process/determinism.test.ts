import { afterEach, beforeEach, expect, test } from 'vitest'
import { Fickle, Keys, type Version } from '../../fixtures/processes/fickle.ts'
import { createCodec } from '../codec/msgpack-codec.ts'
import { type NonDeterminismError, ProcessStuckError } from '../contracts/errors.ts'
import type { JournalEntry } from '../contracts/journal-entry.ts'
import { MemoryJournalStore } from '../memory/memory-journal-store.ts'
import { createApp } from './app.ts'
import { crashedAfter, entriesOf, idle, storyOf, until } from './harness.test-support.ts'

const REF = { process: 'Fickle', id: 'f' }

const unhandled: unknown[] = []
const note = (reason: unknown): void => void unhandled.push(reason)
beforeEach(() => {
  unhandled.length = 0
  process.on('unhandledRejection', note)
})
afterEach(() => {
  process.off('unhandledRejection', note)
})

async function journalOf(version: Version): Promise<JournalEntry[]> {
  const journal = new MemoryJournalStore()
  const app = createApp({ journal }).process(Fickle, () => new Fickle((step) => `${step} done`, version))
  await app.run(Fickle, null, { id: REF.id })
  await app.close()
  return entriesOf(journal, REF)
}

/** The code of `version` meets the journal that `before` wrote, up to its end. */
async function meets(version: Version, entries: readonly JournalEntry[]) {
  const journal = await crashedAfter(REF, entries)
  const bodies: string[] = []
  const trace: string[] = []
  const outside = (step: string): string => {
    bodies.push(step)
    return `${step} done`
  }
  const app = createApp({ journal }).process(Fickle, () => new Fickle(outside, version, trace))
  await app.open()
  const handle = app.handle(Fickle, REF.id)
  const error = await handle.result().then(
    (value) => ({ value }),
    (thrown: unknown) => thrown,
  )
  await idle()
  await app.close()
  return { error: error as ProcessStuckError, bodies, trace, journal, after: await entriesOf(journal, REF) }
}

for (const [version, names, both] of [
  ['otherArgument', 'one', ['[1]', '[2]']],
  ['otherObject', 'two', ['{"a":1,"b":2}', '{"a":1,"b":3}']],
] as const) {
  test(`another argument (${version}) names the call site, its line and both values`, async () => {
    const before = (await journalOf('first')).slice(0, -1)
    const { error, bodies, trace, after } = await meets(version, before)
    expect(error).toBeInstanceOf(ProcessStuckError)
    const cause = error.cause as NonDeterminismError
    expect(cause).toMatchObject({ code: 'non-determinism' })
    expect(cause.message).toContain(`"~`)
    expect(cause.message).toContain(names)
    expect(cause.message).toMatch(/line \d+/)
    for (const value of both) expect(cause.message).toContain(value)
    expect(bodies).toEqual([])
    expect(trace).toEqual([])
    expect(after.slice(0, -1)).toEqual(before)
    expect(after.at(-1)!.kind).toBe('stuck')
    expect(unhandled).toEqual([])
  })
}

for (const version of ['reordered', 'removed', 'endsEarly', 'throwsEarly'] as const) {
  test(`code that makes other calls (${version}) is stuck: no body, no catch, no finally of an engine fault, nothing undone`, async () => {
    const before = (await journalOf('first')).slice(0, -1)
    const { error, bodies, trace, after } = await meets(version, before)
    expect(error).toBeInstanceOf(ProcessStuckError)
    expect(error.cause).toMatchObject({ code: 'non-determinism' })
    expect((error.cause as Error).message).toMatch(/one|two|three/)
    expect(bodies).toEqual([])
    if (version === 'reordered' || version === 'removed') expect(trace).toEqual([])
    expect(after.slice(0, -1)).toEqual(before)
    expect(after.at(-1)!.kind).toBe('stuck')
    expect(unhandled).toEqual([])
  })
}

test('beside one another, too', async () => {
  const before = (await journalOf('beside')).slice(0, -1)
  const { error, bodies, after } = await meets('besideOther', before)
  expect(error.cause).toMatchObject({ code: 'non-determinism' })
  expect(bodies).toEqual([])
  expect(after).toHaveLength(before.length + 1)
})

test('the order of keys is no difference', async () => {
  const { error, bodies } = await meets('sameObjectOtherOrder', (await journalOf('first')).slice(0, -1))
  expect(error).toEqual({ value: ['one done', 'two done', 'three done'] })
  expect(bodies).toEqual([])
})

test('a call added at the end just runs', async () => {
  const { error, bodies } = await meets('oneMore', (await journalOf('first')).slice(0, -1))
  expect(error).toEqual({ value: ['one done', 'two done', 'three done', 'four done'] })
  expect(bodies).toEqual(['four'])
})

test('long arguments are compared by digest, and a long text tells only what fits', async () => {
  const before = (await journalOf('largeArgument')).slice(0, -1)
  expect((await meets('largeArgument', before)).error).toEqual({ value: 'two done' })
  const { error } = await meets('otherLargeArgument', before)
  expect(error.cause).toMatchObject({ code: 'non-determinism' })
  expect((error.cause as Error).message.length).toBeLessThan(2000)
})

test('the code that wrote the journal goes on after a resume', async () => {
  const before = (await journalOf('first')).slice(0, -2)
  const { journal } = await meets('otherArgument', before)
  expect(await storyOf(journal, REF)).toHaveLength(before.length + 1)
  const bodies: string[] = []
  const app = createApp({ journal, pollMs: 1 }).process(Fickle, () => new Fickle((step) => (bodies.push(step), `${step} done`), 'first'))
  await app.open()
  await app.client.resume(REF)
  await until(async () => (await app.handle(Fickle, REF.id).status()).status === 'completed')
  expect(await app.handle(Fickle, REF.id).result()).toEqual(['one done', 'two done', 'three done'])
  expect(bodies).toEqual(['three'])
  await app.close()
})

test('keyed: the same key twice in one call of a function is a bug that names the key', async () => {
  const app = createApp({ journal: new MemoryJournalStore() }).process(Keys, () => new Keys((_step, [key]) => key))
  const error = (await app.run(Keys, [['sku-1', 'sku-1']]).catch((thrown: unknown) => thrown)) as ProcessStuckError
  expect(error.cause).toMatchObject({ code: 'duplicate-key' })
  expect((error.cause as Error).message).toContain('sku-1')
  await app.close()
})

test('keyed: the same key in two calls of a function is two keys, and hostile keys do not collide', async () => {
  const journal = new MemoryJournalStore()
  const app = createApp({ journal }).process(Keys, () => new Keys((_step, [key]) => key))
  const keys = [
    ['a', 'a/b', 'a@1', 'a#1', '', '%2f', '/', '=a', '~0'],
    ['a', 'a/b', '\ud800', '💥'],
  ]
  expect(await app.run(Keys, keys, { id: 'k' })).toEqual(keys)
  const places = (await entriesOf(journal, { process: 'Keys', id: 'k' })).flatMap((entry) =>
    entry.kind === 'step-completed' ? [entry.scope] : [],
  )
  expect(new Set(places).size).toBe(13)
  await app.close()
})

test('keyed: items in another order are no difference', async () => {
  const journal = new MemoryJournalStore()
  const app = createApp({ journal }).process(Keys, () => new Keys((_step, [key]) => key))
  await app.run(Keys, [['a', 'b', 'c']], { id: 'k' })
  await app.close()
  const entries = await entriesOf(journal, { process: 'Keys', id: 'k' })
  const started = entries[0]!
  const turned = await crashedAfter({ process: 'Keys', id: 'k' }, [
    { ...started, input: encode([['c', 'a', 'b']]) } as JournalEntry,
    ...entries.slice(1, -1),
  ])
  const bodies: unknown[] = []
  const other = createApp({ journal: turned }).process(Keys, () => new Keys((...call) => bodies.push(call)))
  await other.open()
  expect(await other.handle(Keys, 'k').result()).toEqual([['c', 'a', 'b']])
  expect(bodies).toEqual([])
  await other.close()
})

function encode(value: unknown): Uint8Array {
  return createCodec().encode(value, 'input') as Uint8Array
}
