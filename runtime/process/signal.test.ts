import { describe, expect, expectTypeOf, test } from 'vitest'
import { approved, noted, Waiting } from '../../fixtures/processes/waiting.ts'
import { InvalidPayloadError, type WaitTimeoutError } from '../contracts/errors.ts'
import { idle } from './harness.test-support.ts'
import { signalPlain } from './plain-waits.ts'
import { defineSignal, type SchemaResult, type Signal, type StandardSchema } from './signal.ts'
import { play, WAITER } from './waiting.test-support.ts'
import { sleep, tryWaitFor, waitFor, type WaitOutcome } from './waiting.ts'

function schemaOf<Input, Output>(
  validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>,
): StandardSchema<Input, Output> {
  return { '~standard': { version: 1, vendor: 'test', validate } }
}

/** A text that stands for a number. */
const numberText = schemaOf<string, number>((value) =>
  /^\d+$/.test(String(value))
    ? { value: Number(value) }
    : { issues: [{ message: 'no number', path: ['items', { key: 0 }, 'amount'] }, { message: 'and nothing else' }] },
)

describe('defineSignal', () => {
  test('takes names that can be told apart', () => {
    expect(defineSignal('paid')).toEqual({ name: 'paid', schema: undefined })
    for (const name of ['', 'x'.repeat(1025), 5 as never])
      expect(() => defineSignal(name)).toThrow(expect.objectContaining({ code: 'invalid-id' }))
  })

  test('types what is sent and what arrives', () => {
    const paid = defineSignal('noted', { schema: numberText })
    expectTypeOf(paid).toEqualTypeOf<Signal<number, string>>()
    expectTypeOf(defineSignal('go')).toEqualTypeOf<Signal<undefined>>()
    expectTypeOf(waitFor<number>).returns.toEqualTypeOf<Promise<number>>()
    expectTypeOf(() => waitFor(paid)).returns.toEqualTypeOf<Promise<number>>()
    expectTypeOf(() => waitFor(approved, { timeoutMs: 1 })).returns.toEqualTypeOf<Promise<{ readonly by: string }>>()
    expectTypeOf(() => tryWaitFor(paid, { timeoutMs: 1 })).returns.toEqualTypeOf<Promise<WaitOutcome<number>>>()
    expectTypeOf<WaitOutcome<number>>().toEqualTypeOf<
      { readonly ok: true; readonly value: number } | { readonly ok: false; readonly error: WaitTimeoutError }
    >()
    expectTypeOf(sleep).parameter(0).toEqualTypeOf<number | Date>()
    // @ts-expect-error: without a timeout it would be waitFor
    expectTypeOf(() => tryWaitFor(paid)).toBeFunction()
    // @ts-expect-error: milliseconds or a date
    expectTypeOf(() => sleep('5000')).toBeFunction()
  })
})

describe('a schema', () => {
  test('makes of what is sent what arrives', async () => {
    const { app, handle } = await play('inOrder')
    const text = defineSignal('noted', { schema: numberText })
    const later = defineSignal('noted', { schema: schemaOf<string, number>(async (value) => ({ value: String(value).length })) })
    await handle.signal(text, '12')
    await app.signal(Waiting, WAITER.id, later, 'four')
    await app.client.signal(WAITER, text, '0')
    await app.client.signal(WAITER, 'noted', 'as it is')
    expect(await handle.result()).toEqual([12, 4, 0, 'as it is'])
    await app.close()
  })

  test('that refuses a payload says why, and nothing is sent', async () => {
    const { app, handle, story } = await play('inOrder')
    const text = defineSignal('noted', { schema: numberText })
    const error: unknown = await handle.signal(text, 'twelve').catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(InvalidPayloadError)
    expect(error).toMatchObject({
      code: 'invalid-payload',
      message: 'The payload of signal "noted" is refused by its schema: items.0.amount: no number; and nothing else. Nothing was sent.',
      issues: [
        { path: 'items.0.amount', message: 'no number' },
        { path: '', message: 'and nothing else' },
      ],
    })
    await idle()
    expect(await story()).toEqual(['started', 'step-completed work'])
    await app.close()
  })
})

describe('a process that no engine drives', () => {
  const plain = (): Waiting => new Waiting((_step, [name]) => name, [])

  test('sleeps by the real clock', async () => {
    const before = Date.now()
    await plain().execute({ plot: 'sleepUntil', until: 15 })
    expect(Date.now() - before).toBeGreaterThanOrEqual(14)
    await plain().execute({ plot: 'sleepUntil', until: new Date(0) })
    await expect(plain().execute({ plot: 'sleepUntil', until: NaN })).rejects.toMatchObject({ code: 'invalid-option' })
  })

  test('gets the signals that its test gives it, early or late, and no other instance does', async () => {
    const [one, two] = [plain(), plain()]
    for (const number of [1, 2]) await signalPlain(one, noted, number)
    const results = Promise.all([one.execute({ plot: 'inOrder' }), two.execute({ plot: 'inOrder' })])
    for (const number of [3, 4]) await signalPlain(one, noted, number)
    for (const number of [5, 6, 7, 8]) await signalPlain(two, noted, number)
    expect(await results).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ])
    const text = defineSignal('noted', { schema: numberText })
    await expect(signalPlain(one, text, 'twelve')).rejects.toMatchObject({ code: 'invalid-payload' })
  })

  test('times out as it does in an app', async () => {
    const process = plain()
    const [thrown, tried] = await Promise.all([process.execute({ plot: 'timeout' }), plain().execute({ plot: 'tryTimeout' })])
    expect(thrown).toBeGreaterThanOrEqual(999)
    expect(tried).toBe('wait-timeout')
    expect(process.trace).toEqual(['wait-timeout approved 1000'])
  })
})
