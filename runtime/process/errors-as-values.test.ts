import { expect, test } from 'vitest'
import { CardError, Catches } from '../../fixtures/processes/values.ts'
import { MemoryJournalStore } from '../memory/memory-journal-store.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { createApp } from './app.ts'
import type { ErrorClass } from './error-record.ts'
import { crashedAfter, entriesOf, passTime } from './harness.test-support.ts'
import { NonRetryableError } from '../contracts/errors.ts'

const REF = { process: 'Catches', id: 'c' }

/** What process code caught, on the first run and on replay, with the results. */
async function caught(thrown: () => unknown, mode: 'alone' | 'beside', errors: readonly ErrorClass[] = []) {
  const clock = new FakeClock()
  const journal = new MemoryJournalStore({ clock })
  const original = thrown()
  const first: unknown[] = []
  const app = createApp({ journal, clock, errors }).process(
    Catches,
    () =>
      new Catches(() => {
        throw original
      }, first),
  )
  const result = await passTime(clock, app.run(Catches, mode, { id: REF.id }))
  await app.close()
  const entries = await entriesOf(journal, REF)
  const second: unknown[] = []
  const other = createApp({ journal: await crashedAfter(REF, entries.slice(0, -1)), errors }).process(
    Catches,
    () => new Catches(() => undefined, second),
  )
  await other.open()
  const again = await other.handle(Catches, REF.id).result()
  await other.close()
  expect(again).toBe(result)
  expect(first).toHaveLength(1)
  expect(second).toHaveLength(1)
  return { original, result, first: first[0] as Error, second: second[0] as Error }
}

for (const mode of ['alone', 'beside'] as const) {
  test(`an error of a registered class is one again, with its data (${mode})`, async () => {
    const { original, result, first, second } = await caught(() => new CardError('declined', 500), mode, [CardError])
    expect(result).toBe('card, limit 500')
    for (const error of [first, second]) {
      expect(error).toBeInstanceOf(CardError)
      expect(error).toMatchObject({ name: 'CardError', message: 'declined', limit: 500 })
      expect(error).not.toBe(original)
    }
  })

  test(`an error of a class that is not registered is an Error with its name and data, from the first run on (${mode})`, async () => {
    const { result, first, second } = await caught(() => new CardError('declined', 500), mode)
    expect(result).toBe('CardError: declined')
    for (const error of [first, second]) {
      expect(error).toBeInstanceOf(Error)
      expect(error).not.toBeInstanceOf(CardError)
      expect(error).toMatchObject({ name: 'CardError', message: 'declined', limit: 500 })
    }
  })

  test(`JavaScript's own error classes and Catga's need no registration (${mode})`, async () => {
    const made = [
      () => new TypeError('t'),
      () => new RangeError('r'),
      () => new SyntaxError('s'),
      () => new URIError('u'),
      () => new NonRetryableError('n'),
    ]
    for (const make of made) {
      const { original, first, second } = await caught(make, mode)
      for (const error of [first, second]) {
        expect(error).toBeInstanceOf((original as Error).constructor)
        expect(error.message).toBe((original as Error).message)
        expect(error.name).toBe((original as Error).name)
      }
    }
  })

  test(`code, data, cause chain and stack are kept (${mode})`, async () => {
    const { original, first, second } = await caught(
      () =>
        Object.assign(new Error('outer', { cause: Object.assign(new TypeError('inner', { cause: 'a word' }), { code: 42 }) }), {
          code: 'E_OUTER',
          details: { list: [1n] },
        }),
      mode,
    )
    for (const error of [first, second] as (Error & { code?: unknown; details?: unknown })[]) {
      expect(error.code).toBe('E_OUTER')
      expect(error.details).toEqual({ list: [1n] })
      const inner = error.cause as TypeError & { code?: unknown }
      expect(inner).toBeInstanceOf(TypeError)
      expect([inner.message, inner.code, inner.cause]).toEqual(['inner', 42, 'a word'])
      expect(error.stack).toBe((original as Error).stack)
      expect(Object.keys(error).sort()).toEqual(['code', 'details'])
    }
  })

  test(`anything else that is thrown comes as it is (${mode})`, async () => {
    for (const thrown of ['text', 7, null, undefined, 0, '', false, 5n, { plain: ['object'] }]) {
      const { first, second } = await caught(() => thrown, mode)
      expect(first).toStrictEqual(thrown)
      expect(second).toStrictEqual(thrown)
    }
  })
}

test('parts of an error that cannot be journaled are left out, and the rest is kept', async () => {
  const { first } = await caught(() => Object.assign(new Error('half'), { fine: 1, socket: () => 1, nested: { fn: () => 1 } }), 'alone')
  expect(first).toMatchObject({ message: 'half', fine: 1 })
  expect(first).not.toHaveProperty('socket')
  expect(first).not.toHaveProperty('nested')
})

test('endless causes, hostile getters and huge texts do no harm', async () => {
  const loop = new Error('loop')
  loop.cause = loop
  expect((await caught(() => loop, 'alone')).first.message).toBe('loop')
  const huge = await caught(() => new Error('x'.repeat(1_000_000)), 'alone')
  expect(huge.first.message.length).toBeLessThan(20_000)
  const hostile = Object.defineProperty(new Error('hostile'), 'data', {
    enumerable: true,
    get() {
      throw new Error('gotcha')
    },
  })
  expect((await caught(() => hostile, 'alone')).first.message).toBe('hostile')
  for (const part of ['message', 'name', 'code', 'cause', 'stack'] as const) {
    const error = Object.defineProperty(new Error('fine'), part, {
      get() {
        throw new Error('gotcha')
      },
    })
    expect((await caught(() => error, 'alone')).first).toBeInstanceOf(Error)
  }
})

test('an AggregateError keeps its errors', async () => {
  const { first, second } = await caught(() => new AggregateError([new TypeError('one'), 'two'], 'both'), 'alone')
  for (const error of [first, second] as AggregateError[]) {
    expect(error).toBeInstanceOf(AggregateError)
    expect(error.message).toBe('both')
    expect(error.errors).toHaveLength(2)
    expect(error.errors[0]).toBeInstanceOf(TypeError)
    expect(error.errors[1]).toBe('two')
  }
})
