import { expect, expectTypeOf, test } from 'vitest'
import { Bare, type Order, OrderProcess } from '../../fixtures/processes/orders.ts'
import { Saga } from '../../fixtures/processes/saga.ts'
import {
  CancelledError,
  InputConflictError,
  InvalidIdError,
  NonRetryableError,
  NotSerializableError,
  ProcessFailedError,
  ProcessNotFoundError,
  RegistrationError,
} from '../contracts/errors.ts'
import { MAX_ID_LENGTH } from '../contracts/journal-store.ts'
import { MemoryJournalStore } from '../memory/memory-journal-store.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { createApp, createClient } from './app.ts'
import { idle, passTime, until } from './harness.test-support.ts'
import { play, SAGA, stage } from './saga.test-support.ts'

test('the same id with the same input is the same instance, whatever the order of keys', async () => {
  const on = stage()
  const input = { plot: 'straight' as const, extra: { b: 1, a: [1n, undefined] } }
  const turned = { extra: { a: [1n, undefined], b: 1 }, plot: 'straight' as const }
  const first = await on.app.start(Saga, input, { id: SAGA.id })
  const again = await on.app.start(Saga, turned, { id: SAGA.id })
  expect(await again.result()).toEqual(await first.result())
  expect((await on.app.start(Saga, turned, { id: SAGA.id })).id).toBe(SAGA.id)
  expect(await on.app.run(Saga, turned, { id: SAGA.id })).toEqual(['a done', 'b done', 'c done'])
  expect(on.done()).toEqual(['a', 'b', 'c'])
  await on.app.close()
})

test('the same id with another input is refused: while it runs, after its end, from a client, in another app', async () => {
  const { app, handle, journal, done } = await play('never', {
    bodies: { c: (_args, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', reject)) },
  })
  await until(() => done().includes('c'))
  await expect(app.start(Saga, { plot: 'straight' }, { id: SAGA.id })).rejects.toThrow(InputConflictError)
  const other = stage({ journal })
  await expect(other.app.start(Saga, { plot: 'straight' }, { id: SAGA.id })).rejects.toThrow(InputConflictError)
  await expect(app.client.process<Saga>('Saga').start({ plot: 'straight' }, { id: SAGA.id })).rejects.toThrow(InputConflictError)
  await handle.cancel('enough')
  await expect(handle.result()).rejects.toThrow(CancelledError)
  await expect(app.start(Saga, { plot: 'straight' }, { id: SAGA.id })).rejects.toThrow(InputConflictError)
  await expect(app.run(Saga, { plot: 'never' }, { id: SAGA.id })).rejects.toThrow(CancelledError)
  await other.app.close()
  await app.close()
})

test('many starts of one id at once are one instance', async () => {
  const on = stage()
  const handles = await Promise.all(Array.from({ length: 20 }, () => on.app.start(Saga, { plot: 'parallel' }, { id: SAGA.id })))
  const results = await Promise.all(handles.map((handle) => handle.result()))
  expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1)
  expect(on.done()).toHaveLength(3)
  await on.app.close()
})

test('the class says the id, the caller may say another; without either it is random', async () => {
  const app = createApp({ journal: new MemoryJournalStore() })
    .process(OrderProcess, () => new OrderProcess())
    .process(Bare, () => new Bare())
  const order: Order = { id: 'o-1', amount: 5 }
  expect((await app.start(OrderProcess, order)).id).toBe('o-1')
  expect((await app.start(OrderProcess, order, { id: 'mine' })).id).toBe('mine')
  expect((await app.start(OrderProcess, order)).process).toBe('order process')
  const [one, two] = [await app.start(Bare, undefined), await app.start(Bare, undefined)]
  expect(one.id).not.toBe(two.id)
  await expect(app.start(OrderProcess, { id: 5 } as unknown as Order)).rejects.toThrow(InvalidIdError)
  await app.close()
})

test('a client needs no process code: only a name and a type', async () => {
  const clock = new FakeClock()
  const journal = new MemoryJournalStore({ clock })
  const client = createClient({ journal, clock })
  const orders = client.process<OrderProcess>('order process')
  const handle = await orders.start({ id: 'o-1', amount: 7 }, { id: 'o-1' })
  expectTypeOf(handle.result).returns.resolves.toEqualTypeOf<{ readonly charged: number }>()
  expectTypeOf(orders.start).parameter(0).toEqualTypeOf<Order>()
  expect((await handle.status()).status).toBe('running')
  const app = createApp({ journal, clock }).process(OrderProcess, () => new OrderProcess())
  await app.open()
  expect(await passTime(clock, handle.result())).toEqual({ charged: 7 })
  expect(await orders.handle('o-1').result()).toEqual({ charged: 7 })
  await app.close()
})

test('types: input and result follow the class', async () => {
  const app = createApp({ journal: new MemoryJournalStore() })
    .process(OrderProcess, () => new OrderProcess())
    .process(Bare, () => new Bare())
  expectTypeOf(app.run(OrderProcess, { id: 'x', amount: 1 })).resolves.toEqualTypeOf<{ readonly charged: number }>()
  expectTypeOf(app.run(Bare, undefined)).resolves.toEqualTypeOf<void>()
  // @ts-expect-error the amount is missing
  await app.run(OrderProcess, { id: 'y' }).catch(() => undefined)
  await app.close()
})

test('tryRun and tryResult answer errors of Catga as values', async () => {
  const on = stage({
    bodies: {
      c: () => {
        throw new NonRetryableError('no')
      },
    },
  })
  const tried = await on.app.tryRun(Saga, { plot: 'straight' }, { id: SAGA.id })
  expect(tried).toMatchObject({ ok: false, error: { code: 'process-failed' } })
  expect(await on.app.handle(Saga, SAGA.id).tryResult()).toMatchObject({ ok: false, error: { code: 'process-failed' } })
  expect(await on.app.tryRun(Saga, { plot: 'throwsStepError' }, { id: SAGA.id })).toMatchObject({
    ok: false,
    error: { code: 'input-conflict' },
  })
  expect(await stageRun()).toEqual({ ok: true, value: ['a done', 'b done', 'c done'] })
  await on.app.close()
})

async function stageRun(): Promise<unknown> {
  const on = stage()
  const tried = await on.app.tryRun(Saga, { plot: 'straight' })
  await on.app.close()
  return tried
}

test('a failed process: the error carries what execute threw, from the journal too', async () => {
  const { app, handle, clock } = await play('straight', {
    bodies: {
      c: () => {
        throw Object.assign(new NonRetryableError('no stock'), { sku: 'x' })
      },
    },
  })
  for (let i = 0; i < 2; i++) {
    const error = (await passTime(
      clock,
      handle.result().catch((thrown: unknown) => thrown),
    )) as ProcessFailedError
    expect(error).toBeInstanceOf(ProcessFailedError)
    expect(error.message).toContain('no stock')
    expect(error.cause).toBeInstanceOf(NonRetryableError)
    expect(error.cause).toMatchObject({ sku: 'x' })
  }
  const fromJournal = (await app
    .handle(Saga, SAGA.id)
    .result()
    .catch((thrown: unknown) => thrown)) as ProcessFailedError
  expect(fromJournal.cause).toMatchObject({ message: 'no stock', sku: 'x' })
  await app.close()
})

test('waiting for a result can be given up with a signal; the instance goes on', async () => {
  let finish: (value: string) => void = () => undefined
  const { app, handle, journal, clock } = await play('straight', { bodies: { c: () => new Promise((resolve) => (finish = resolve)) } })
  const reason = new Error('enough')
  await expect(handle.result({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  for (const waiting of [handle, createClient({ journal, clock }).process<Saga>('Saga').handle(SAGA.id)]) {
    const controller = new AbortController()
    const result = waiting.result({ signal: controller.signal })
    await idle()
    controller.abort(reason)
    await expect(result).rejects.toBe(reason)
  }
  const controller = new AbortController()
  controller.abort(reason)
  await expect(app.run(Saga, { plot: 'straight' }, { id: SAGA.id, signal: controller.signal })).rejects.toBe(reason)
  finish('c')
  expect(await passTime(clock, handle.result())).toEqual(['a done', 'b done', 'c'])
  await app.close()
})

test('what does not exist is told so', async () => {
  const on = stage()
  await on.app.open()
  const handle = on.app.handle(Saga, 'nobody')
  await expect(handle.result()).rejects.toThrow(ProcessNotFoundError)
  await expect(handle.status()).rejects.toThrow(ProcessNotFoundError)
  await expect(handle.cancel('x')).rejects.toThrow(ProcessNotFoundError)
  await expect(on.app.client.resume({ process: 'Saga', id: 'nobody' })).rejects.toThrow(ProcessNotFoundError)
  expect(await on.app.client.get({ process: 'Saga', id: 'nobody' })).toBeUndefined()
  expect(await on.app.client.delete({ process: 'Saga', id: 'nobody' })).toBe('not found')
  expect(() => on.app.handle(Bare, 'x')).toThrow(RegistrationError)
  await expect(on.app.start(Bare, undefined)).rejects.toThrow(RegistrationError)
  await on.app.close()
})

test('any Unicode is an id: each its own instance', async () => {
  const ids = [
    '',
    ' ',
    '\0',
    'a\0b',
    '/',
    '%2f',
    '@1',
    '#1',
    'x/y',
    '../..',
    "'; drop table",
    'é',
    'e\u0301',
    '\ud800',
    '\udc00',
    '💥',
    'CON',
    '__proto__',
    'constructor',
    '\u2028',
    'x'.repeat(MAX_ID_LENGTH),
  ]
  const on = stage()
  const keys = new Set<string>()
  for (const id of ids) {
    const before = on.deeds.length
    expect(await on.app.run(Saga, { plot: 'straight' }, { id })).toEqual(['a done', 'b done', 'c done'])
    expect(on.deeds.length - before).toBe(3)
    keys.add(on.deeds.at(-1)!.key)
    expect((await on.app.client.get({ process: 'Saga', id }))?.id).toBe(id)
  }
  expect(keys.size).toBe(ids.length)
  await on.app.close()
})

test('ids and inputs that cannot be used are refused with typed errors before anything is written', async () => {
  const on = stage()
  for (const id of ['x'.repeat(MAX_ID_LENGTH + 1), 'x'.repeat(1_000_000)]) {
    await expect(on.app.start(Saga, { plot: 'straight' }, { id })).rejects.toThrow(InvalidIdError)
    await expect(on.app.client.process<Saga>('Saga').start({ plot: 'straight' }, { id })).rejects.toThrow(InvalidIdError)
    expect(() => on.app.handle(Saga, id)).toThrow(InvalidIdError)
  }
  await expect(on.app.start(Saga, { plot: (() => 'straight') as never })).rejects.toThrow(NotSerializableError)
  const listed = []
  for await (const summary of on.app.client.list()) listed.push(summary)
  expect(listed).toEqual([])
  await on.app.close()
})

test('options that cannot be used are refused by name', () => {
  const journal = new MemoryJournalStore()
  for (const option of [
    { leaseMs: 0 },
    { pollMs: -1 },
    { maxInFlight: 0 },
    { maxEntries: 1 },
    { maxTakeovers: 0 },
    { settleGraceMs: -1 },
    { maxInFlight: Number.NaN },
    { retentionMs: { failed: -1 } },
  ]) {
    const [name] = Object.keys(option)
    expect(() => createApp({ journal, ...option })).toThrow(
      expect.objectContaining({ code: 'invalid-option', message: expect.stringContaining(name!) }),
    )
  }
  expect(() => createApp({ journal: undefined as never })).toThrow(expect.objectContaining({ code: 'invalid-option' }))
})
