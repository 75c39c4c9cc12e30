import { expect, test } from 'vitest'
import { type StepName, PlainSteps, Steps } from '../../fixtures/processes/steps.ts'
import type { StepContext } from './step-context.ts'
import { NonRetryableError, ProcessFailedError, StepTimeoutError } from '../contracts/errors.ts'
import type { JournalEntry } from '../contracts/journal-entry.ts'
import { MemoryJournalStore } from '../memory/memory-journal-store.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { createApp } from './app.ts'
import { crashedAfter, entriesOf, gate, idle, passTime, until } from './harness.test-support.ts'

type Body = (args: readonly unknown[], context: StepContext) => unknown

interface Attempt {
  readonly step: string
  readonly attempt: number
  readonly key: string
  readonly at: number
}

const REF = { process: 'Steps', id: 'x' }

async function perform(names: StepName[], body: Body, entries?: readonly JournalEntry[]) {
  const clock = new FakeClock(entries?.at(-1)?.at)
  const journal = entries === undefined ? new MemoryJournalStore({ clock }) : await crashedAfter(REF, entries, clock)
  const attempts: Attempt[] = []
  const outside = (step: string, args: readonly unknown[], context: StepContext): unknown => {
    attempts.push({ step, attempt: context.attempt, key: context.idempotencyKey, at: clock.now() })
    return body(args, context)
  }
  const app = createApp({ journal, clock, random: () => 0 }).process(Steps, () => new Steps(outside))
  const handle = entries === undefined ? await app.start(Steps, names, { id: REF.id }) : (await app.open(), app.handle(Steps, REF.id))
  return { app, clock, journal, attempts, handle, outcome: () => passTime(clock, handle.result()), entries: () => entriesOf(journal, REF) }
}

function failing(times: number, make: () => unknown = () => new Error('not yet')): Body {
  let left = times
  return () => {
    if (left-- > 0) throw make()
    return 'at last'
  }
}

test('a step without a policy is attempted three times, with growing waits between', async () => {
  const clock = new FakeClock()
  const at: number[] = []
  const app = createApp({ journal: new MemoryJournalStore({ clock }), clock, random: () => 0 }).process(
    PlainSteps,
    () =>
      new PlainSteps(() => {
        at.push(clock.now())
        throw new Error('never')
      }),
  )
  await expect(passTime(clock, app.run(PlainSteps, null))).rejects.toThrow(ProcessFailedError)
  expect(at.map((time) => time - at[0]!)).toEqual([0, 100, 300])
  await app.close()
})

test('the policy of the step goes before that of the class, option by option', async () => {
  const standard = await perform(['standard'], failing(9))
  await expect(standard.outcome()).rejects.toThrow(ProcessFailedError)
  expect(standard.attempts).toHaveLength(5)
  await standard.app.close()

  const patient = await perform(['patient'], failing(9))
  await expect(patient.outcome()).rejects.toThrow(ProcessFailedError)
  expect(patient.attempts).toHaveLength(7)
  expect(patient.attempts[1]!.at - patient.attempts[0]!.at).toBe(10)
  await patient.app.close()

  const own = await perform(['own'], failing(9))
  await expect(own.outcome()).rejects.toThrow(ProcessFailedError)
  expect(own.attempts).toHaveLength(2)
  expect(own.attempts[1]!.at - own.attempts[0]!.at).toBe(1000)
  await own.app.close()
})

test('attempts are numbered and share one key; calls have different keys', async () => {
  const on = await perform(['standard', 'standard', 'twice'], failing(2))
  await on.outcome()
  expect(on.attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 1, 1, 1])
  const keys = on.attempts.map(({ key }) => key)
  expect(new Set(keys.slice(0, 3)).size).toBe(1)
  expect(new Set(keys).size).toBe(4)
  for (const key of keys) expect(key).toContain('Steps/x/1/')
  await on.app.close()
})

test('the key does not change in another worker', async () => {
  const on = await perform(['standard'], failing(2))
  await on.outcome()
  await on.app.close()
  const afterOne = (await on.entries()).slice(0, 2)
  expect(afterOne.map(({ kind }) => kind)).toEqual(['started', 'attempt-failed'])
  const other = await perform(['standard'], failing(0), afterOne)
  await other.outcome()
  expect(other.attempts.map(({ attempt, key }) => [attempt, key])).toEqual([[2, on.attempts[0]!.key]])
  await other.app.close()
})

test('failed attempts that are journaled count after a crash', async () => {
  const on = await perform(['own'], failing(9))
  await expect(on.outcome()).rejects.toThrow(ProcessFailedError)
  await on.app.close()
  const other = await perform(['own'], failing(9), (await on.entries()).slice(0, 2))
  await expect(other.outcome()).rejects.toThrow('not yet')
  expect(other.attempts.map(({ attempt }) => attempt)).toEqual([2])
  await other.app.close()
})

test('the wait before the next attempt goes on after a crash where it was', async () => {
  const on = await perform(['own'], failing(9))
  await expect(on.outcome()).rejects.toThrow(ProcessFailedError)
  await on.app.close()
  const other = await perform(['own'], failing(0), (await on.entries()).slice(0, 2))
  await idle()
  expect(other.attempts).toEqual([])
  other.clock.advance(1000)
  await other.outcome()
  expect(other.attempts).toHaveLength(1)
  await other.app.close()
})

test('an attempt that a crash cut off is no failed attempt: a step with one attempt runs again', async () => {
  const on = await perform(['once'], () => new Promise(() => undefined))
  await until(() => on.attempts.length === 1)
  const entries = await on.entries()
  expect(entries.map(({ kind }) => kind)).toEqual(['started'])
  const other = await perform(['once'], failing(0), entries)
  expect(await other.outcome()).toEqual(['at last'])
  expect(other.attempts.map(({ attempt, key }) => [attempt, key])).toEqual([[1, on.attempts[0]!.key]])
  await other.app.close()
  await passTime(on.clock, on.app.close({ timeoutMs: 0 }))
})

test('NonRetryableError and its subclasses end the step at once', async () => {
  class CardDeclined extends NonRetryableError {}
  for (const make of [() => new NonRetryableError('no'), () => new CardDeclined('declined')]) {
    const on = await perform(['standard'], failing(9, make))
    await expect(on.outcome()).rejects.toThrow(ProcessFailedError)
    expect(on.attempts).toHaveLength(1)
    await on.app.close()
  }
})

test('a step that uses up its attempts rejects with its own error, no wrapper', async () => {
  const on = await perform(
    ['own'],
    failing(9, () => Object.assign(new RangeError('out of stock', { cause: new Error('shelf empty') }), { code: 'E_STOCK', sku: 'x1' })),
  )
  const failed = (await on.outcome().catch((error: unknown) => error)) as ProcessFailedError
  expect(failed.cause).toBeInstanceOf(RangeError)
  expect(failed.cause).toMatchObject({
    name: 'RangeError',
    message: 'out of stock',
    code: 'E_STOCK',
    sku: 'x1',
    cause: { message: 'shelf empty' },
  })
  await on.app.close()
})

test('timeoutMs aborts the signal, drops the late result and makes another attempt', async () => {
  const late = gate<string>()
  const reasons: unknown[] = []
  let calls = 0
  const on = await perform(['timed'], (_args, { signal }) => {
    if (++calls > 1) return 'in time'
    signal.addEventListener('abort', () => reasons.push(signal.reason))
    return late.promise
  })
  await until(() => calls === 1)
  on.clock.advance(99)
  await idle()
  expect(reasons).toEqual([])
  on.clock.advance(1)
  await idle()
  expect(reasons[0]).toBeInstanceOf(StepTimeoutError)
  late.open('too late')
  expect(await on.outcome()).toEqual(['in time'])
  expect(on.attempts.map(({ attempt }) => attempt)).toEqual([1, 2])
  const entries = await on.entries()
  expect(entries.filter(({ kind }) => kind === 'step-completed')).toHaveLength(1)
  expect(entries.find(({ kind }) => kind === 'attempt-failed')).toMatchObject({ error: { name: 'StepTimeoutError' } })
  await on.app.close()
})

test('the timeout is per attempt, and the last one is the error of the step', async () => {
  const on = await perform(['timed'], () => new Promise(() => undefined))
  const failed = (await on.outcome().catch((error: unknown) => error)) as ProcessFailedError
  expect(failed.cause).toBeInstanceOf(StepTimeoutError)
  expect(on.attempts.map(({ at }) => at - on.attempts[0]!.at)).toEqual([0, 110])
  await on.app.close()
})

test('each attempt gets fresh copies of the arguments', async () => {
  const seen: unknown[] = []
  const on = await perform(['standard'], ([argument]) => {
    seen.push(structuredClone(argument))
    ;(argument as { n: number }).n = 99
    if (seen.length < 3) throw new Error('again')
    return (argument as { n: number }).n
  })
  expect(await on.outcome()).toEqual([99])
  expect(seen).toEqual([{ n: 0 }, { n: 0 }, { n: 0 }])
  await on.app.close()
})

test('a result that cannot be journaled fails the step without another attempt', async () => {
  for (const result of [() => () => 1, () => Symbol('s'), () => ({ nested: [Promise.resolve()] })]) {
    const on = await perform(['standard'], result)
    const failed = (await on.outcome().catch((error: unknown) => error)) as ProcessFailedError
    expect(failed.cause).toMatchObject({ code: 'not-serializable' })
    expect(on.attempts).toHaveLength(1)
    await on.app.close()
  }
})

test('a result whose "then" throws fails the attempt like an error of the body', async () => {
  let calls = 0
  const on = await perform(['standard'], () => {
    if (++calls > 1) return 'good'
    return Object.defineProperty({}, 'then', {
      get() {
        throw new Error('no then')
      },
    })
  })
  expect(await on.outcome()).toEqual(['good'])
  expect(on.attempts.map(({ attempt }) => attempt)).toEqual([1, 2])
  await on.app.close()
})

test('a step beside others is retried like a step alone', async () => {
  const on = await perform(['twice'], failing(2))
  expect(await on.outcome()).toEqual([['at last', 'at last']])
  expect(on.attempts.map(({ attempt }) => attempt).sort()).toEqual([1, 1, 2, 2])
  await on.app.close()
})
