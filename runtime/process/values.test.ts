import { expect, test } from 'vitest'
import { Values } from '../../fixtures/processes/values.ts'
import { MemoryJournalStore } from '../memory/memory-journal-store.ts'
import { createApp } from './app.ts'
import { crashedAfter, entriesOf, passTime } from './harness.test-support.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import type { Outside } from '../../fixtures/processes/outside.ts'

const REF = { process: 'Values', id: 'v' }

async function run(input: { payload: unknown; mode: 'alone' | 'beside' }, outside: Outside) {
  const clock = new FakeClock()
  const journal = new MemoryJournalStore({ clock })
  const seen: unknown[] = []
  const app = createApp({ journal, clock }).process(Values, () => new Values(outside, seen))
  const result = await passTime(clock, app.run(Values, input, { id: REF.id }))
  await app.close()
  return { result, seen, entries: await entriesOf(journal, REF) }
}

async function replay(entries: Awaited<ReturnType<typeof entriesOf>>) {
  const seen: unknown[] = []
  const journal = await crashedAfter(REF, entries.slice(0, -1))
  const app = createApp({ journal }).process(Values, () => new Values(() => Promise.reject(new Error('no body runs on replay')), seen))
  await app.open()
  const result = await app.handle(Values, REF.id).result()
  await app.close()
  return { result, seen }
}

for (const mode of ['alone', 'beside'] as const) {
  test(`a body that changes its arguments does not change its caller's data (${mode})`, async () => {
    const { seen, entries } = await run({ payload: { n: 1 }, mode }, (_step, [mine, payload]) => {
      ;(mine as { list: number[] }).list.push(3)
      ;(payload as { n: number }).n = 2
      return 'ok'
    })
    expect(seen).toEqual([{ mine: { list: [1, 2], deep: { flag: true } }, results: ['ok', 'ok'], input: { payload: { n: 1 }, mode } }])
    expect((await replay(entries)).seen).toEqual(seen)
  })

  test(`process code gets a copy of the result: the body may keep and change its own (${mode})`, async () => {
    const kept = { n: 1 }
    const { seen, result, entries } = await run({ payload: null, mode }, () => {
      setImmediate(() => (kept.n = 1000))
      return kept
    })
    const [first] = (seen[0] as { results: { n: number }[] }).results
    expect(first).toEqual({ n: 1 })
    expect((result as { changed?: number }[])[0]).toMatchObject({ changed: 1 })
    expect(kept).not.toHaveProperty('changed')
    const again = await replay(entries)
    expect(again.seen).toEqual(seen)
    expect(again.result).toEqual(result)
  })

  test(`two calls with the same object get two objects (${mode})`, async () => {
    const received: unknown[] = []
    await run({ payload: { n: 1 }, mode }, (_step, [, payload]) => {
      received.push(payload)
      return null
    })
    expect(received[0]).toEqual(received[1])
    expect(received[0]).not.toBe(received[1])
  })

  test(`values keep their kind, as arguments, as results and on replay (${mode})`, async () => {
    const bytes = new Uint8Array([1, 2, 3])
    const payload = {
      z: 1,
      a: [5n, -0, Number.NaN, undefined, null],
      bytes,
      date: new Date(0),
      map: new Map<unknown, unknown>([[{ k: 1 }, new Set([1])]]),
      pattern: /x/giu,
      lone: '\ud800',
      absent: undefined,
    }
    const received: unknown[] = []
    const { result, seen, entries } = await run({ payload, mode }, (_step, [, given]) => {
      received.push(given)
      return payload
    })
    for (const value of [
      received[0],
      (seen[0] as { input: { payload: unknown } }).input.payload,
      (result as unknown[])[1],
      ((await replay(entries)).result as unknown[])[1],
    ]) {
      const copy = value as typeof payload
      expect(copy).toStrictEqual(payload)
      expect(Object.keys(copy)).toEqual(Object.keys(payload))
      expect(copy.bytes.constructor).toBe(Uint8Array)
      expect(Object.is(copy.a[1], -0)).toBe(true)
      expect(copy).not.toBe(payload)
    }
  })
}

test('what a caller does to the input after the start is not seen', async () => {
  const clock = new FakeClock()
  const journal = new MemoryJournalStore({ clock })
  const seen: unknown[] = []
  const app = createApp({ journal, clock }).process(Values, () => new Values(() => null, seen))
  const input = { payload: { n: 1 }, mode: 'alone' as const }
  const started = app.start(Values, input, { id: REF.id })
  input.payload.n = 2
  await (await started).result()
  expect(seen).toMatchObject([{ input: { payload: { n: 1 } } }])
  await app.close()
})

test('an argument that cannot be journaled is a bug that names it, and the body does not run', async () => {
  const bodies: unknown[] = []
  const clock = new FakeClock()
  const { createCodec } = await import('../codec/msgpack-codec.ts')
  const codec = createCodec()
  const payload = codec.encode({ payload: { n: 1 }, mode: 'alone' }, 'input')
  const journal = await crashedAfter(REF, [{ kind: 'started', at: 0, run: 1, input: payload }], clock)
  // The decoded input gets a function in it, as process code could put one there.
  const odd = {
    ...codec,
    decode: (value: Parameters<typeof codec.decode>[0], subject: string) =>
      subject === 'input' ? { payload: { fn: () => 1 }, mode: 'alone' } : codec.decode(value, subject),
  }
  const app = createApp({ journal, clock, codec: odd }).process(Values, () => new Values((...call) => void bodies.push(call)))
  await app.open()
  const error = (await app
    .handle(Values, REF.id)
    .result()
    .catch((thrown: unknown) => thrown)) as Error
  expect(error).toMatchObject({ code: 'process-stuck', cause: { code: 'not-serializable' } })
  expect((error.cause as Error).message).toMatch(/arguments of "take"/)
  expect(bodies).toEqual([])
  await app.close()
})
