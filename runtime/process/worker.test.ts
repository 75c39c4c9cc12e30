import { expect, test } from 'vitest'
import { Saga } from '../../fixtures/processes/saga.ts'
import { AppClosedError, ProcessStuckError } from '../contracts/errors.ts'
import { MemoryJournalStore } from '../memory/memory-journal-store.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { createApp } from './app.ts'
import { type Gate, gate, idle, passTime, storyOf, until } from './harness.test-support.ts'
import { play, SAGA, stage } from './saga.test-support.ts'

function shared() {
  const clock = new FakeClock()
  return { clock, journal: new MemoryJournalStore({ clock }) }
}

test('instances of a dead worker are taken over, at start and while running', async () => {
  for (const when of ['at start', 'while running'] as const) {
    const { clock, journal } = shared()
    const frozen = stage({ clock: new FakeClock(clock.now()), journal, bodies: { b: () => new Promise(() => undefined) } })
    const next = stage({ clock, journal, leaseMs: 10_000, pollMs: 500 })
    if (when === 'while running') await next.app.open()
    await frozen.app.start(Saga, { plot: 'straight' }, { id: SAGA.id })
    await until(() => frozen.done().includes('b'))
    clock.advance(10_001)
    if (when === 'at start') await next.app.open()
    const result = await passTime(clock, next.app.handle(Saga, SAGA.id).result())
    expect(result).toEqual(['a done', 'b done', 'c done'])
    expect(next.done()).toEqual(['b', 'c'])
    await next.app.close()
    await passTime(frozen.clock, frozen.app.close({ timeoutMs: 0 }))
  }
})

test('instances that a client started before any worker was there are run once one is', async () => {
  const { clock, journal } = shared()
  const client = createApp({ journal, clock }).client
  const handle = await client.process<Saga>('Saga').start({ plot: 'straight' }, { id: SAGA.id })
  const on = stage({ clock, journal })
  await on.app.open()
  expect(await passTime(clock, handle.result())).toEqual(['a done', 'b done', 'c done'])
  await on.app.close()
})

test('closing lets running bodies end and journals them; another app goes on at once', async () => {
  const { clock, journal } = shared()
  const body = gate<string>()
  const first = stage({ clock, journal, bodies: { b: () => body.promise } })
  const handle = await first.app.start(Saga, { plot: 'straight' }, { id: SAGA.id })
  await until(() => first.done().includes('b'))
  const closing = first.app.close()
  await idle()
  body.open('b in time')
  await closing
  expect(await storyOf(journal, SAGA)).toEqual(['started', 'step-completed a', 'step-completed b'])
  expect(first.done()).toEqual(['a', 'b'])
  const second = stage({ clock, journal })
  await second.app.open()
  expect(await passTime(clock, handle.result())).toEqual(['a done', 'b in time', 'c done'])
  expect(second.done()).toEqual(['c'])
  await second.app.close()
})

test('an attempt that fails while the app closes is a failed attempt, not the end of the step', async () => {
  const { clock, journal } = shared()
  const body = gate<string>()
  const first = stage({ clock, journal, bodies: { b: () => body.promise } })
  const handle = await first.app.start(Saga, { plot: 'straight' }, { id: SAGA.id })
  await until(() => first.done().includes('b'))
  const closing = first.app.close()
  await idle()
  body.fail(new Error('shutting down'))
  await closing
  expect(await storyOf(journal, SAGA)).toEqual(['started', 'step-completed a', 'attempt-failed b'])
  const second = stage({ clock, journal })
  await second.app.open()
  expect(await passTime(clock, handle.result())).toEqual(['a done', 'b done', 'c done'])
  expect(second.deeds.map(({ step, attempt }) => [step, attempt])).toEqual([
    ['b', 2],
    ['c', 1],
  ])
  await second.app.close()
})

test('a body that does not end is left after the time given to close, and its instance is free at once', async () => {
  const { clock, journal } = shared()
  let aborted = false
  const first = stage({
    clock,
    journal,
    bodies: {
      b: (_args, { signal }) => {
        signal.addEventListener('abort', () => (aborted = true))
        return new Promise(() => undefined)
      },
    },
  })
  const handle = await first.app.start(Saga, { plot: 'straight' }, { id: SAGA.id })
  await until(() => first.done().includes('b'))
  const closing = first.app.close({ timeoutMs: 1000 })
  let closed = false
  void closing.then(() => (closed = true))
  await idle()
  clock.advance(999)
  await idle()
  expect([closed, aborted]).toEqual([false, false])
  clock.advance(1)
  await closing
  expect(aborted).toBe(true)
  const second = stage({ clock, journal })
  await second.app.open()
  expect(await passTime(clock, handle.result())).toEqual(['a done', 'b done', 'c done'])
  await second.app.close()
})

test('a step in its backoff does not hold up closing', async () => {
  const { clock, journal } = shared()
  const on = stage({
    clock,
    journal,
    bodies: {
      c: () => {
        throw new Error('later')
      },
    },
  })
  await on.app.start(Saga, { plot: 'straight' }, { id: SAGA.id })
  await until(async () => (await storyOf(journal, SAGA)).includes('attempt-failed c'))
  await on.app.close()
  expect(on.done()).toEqual(['a', 'b', 'c'])
})

test('a closed app accepts nothing; closing twice is closing once', async () => {
  const { app } = await play('straight')
  await Promise.all([app.close(), app.close()])
  await app.close()
  await expect(app.start(Saga, { plot: 'straight' })).rejects.toThrow(AppClosedError)
  await expect(app.open()).rejects.toThrow(AppClosedError)
})

test('closing an app that never opened works, and `await using` closes', async () => {
  await stage().app.close()
  const on = stage()
  {
    await using app = on.app
    await app.open()
  }
  await expect(on.app.open()).rejects.toThrow(AppClosedError)
})

test('at most maxInFlight run at once; the rest waits in the order it was started', async () => {
  const order: string[] = []
  const gates = new Map<string, Gate>()
  let running = 0
  let most = 0
  const clock = new FakeClock()
  const ids = Array.from({ length: 7 }, (_, i) => `id-${i}`)
  const on = stage({
    clock,
    maxInFlight: 2,
    bodies: {
      a: async (_args, { idempotencyKey }) => {
        const id = idempotencyKey.split('/')[1]!
        order.push(id)
        most = Math.max(most, ++running)
        const body = gate()
        gates.set(id, body)
        await body.promise
        running--
      },
    },
  })
  const handles = []
  for (const id of ids) handles.push(await on.app.start(Saga, { plot: 'straight' }, { id }))
  for (const id of ids) {
    await until(() => gates.has(id))
    gates.get(id)!.open()
  }
  for (const handle of handles) await passTime(clock, handle.result())
  expect(order).toEqual(ids)
  expect(most).toBe(2)
  await on.app.close()
})

test('what waits for its turn when the app closes is run by another', async () => {
  const { clock, journal } = shared()
  const body = gate<string>()
  const first = stage({ clock, journal, maxInFlight: 1, bodies: { a: () => body.promise } })
  const handles = []
  for (const id of ['1', '2', '3']) handles.push(await first.app.start(Saga, { plot: 'straight' }, { id }))
  const closing = first.app.close()
  await idle()
  body.open('a')
  await closing
  expect(first.done()).toEqual(['a'])
  const second = stage({ clock, journal })
  await second.app.open()
  for (const handle of handles) await passTime(clock, handle.result())
  expect(second.done()).toHaveLength(8)
  await second.app.close()
})

test('workers that die of an instance one after the other leave it stuck', async () => {
  const { clock, journal } = shared()
  for (let worker = 0; worker < 4; worker++) {
    const dying = stage({ clock: new FakeClock(clock.now()), journal, maxTakeovers: 3, bodies: { a: () => new Promise(() => undefined) } })
    await dying.app.open()
    if (worker === 0) await dying.app.start(Saga, { plot: 'straight' }, { id: SAGA.id })
    await idle()
    // The worker's clock stands still: it never renews, as if it had died in the body.
    clock.advance(60_000)
  }
  const last = stage({ clock, journal, maxTakeovers: 3 })
  await last.app.open()
  const error = (await last.app
    .handle(Saga, SAGA.id)
    .result()
    .catch((thrown: unknown) => thrown)) as ProcessStuckError
  expect(error).toBeInstanceOf(ProcessStuckError)
  expect(error.cause).toMatchObject({ code: 'crash-loop' })
  expect(last.done()).toEqual([])
  await last.app.client.resume(SAGA)
  await passTime(
    clock,
    until(async () => (await last.app.handle(Saga, SAGA.id).status()).status === 'completed'),
  )
  await last.app.close()
})

test('a factory that throws does not bring the worker down, and the instance goes on once it works', async () => {
  const { clock, journal } = shared()
  let broken = true
  const app = createApp({ journal, clock }).process(Saga, () => {
    if (broken) throw new Error('no database')
    return new Saga((step) => `${step} done`)
  })
  const error = (await app.run(Saga, { plot: 'straight' }, { id: SAGA.id }).catch((thrown: unknown) => thrown)) as ProcessStuckError
  expect((error.cause as Error).message).toBe('no database')
  broken = false
  expect(await passTime(clock, app.handle(Saga, SAGA.id).result())).toEqual(['a done', 'b done', 'c done'])
  await app.close()
})

test('every run gets a fresh object from the factory', async () => {
  const made: Saga[] = []
  const { clock, journal } = shared()
  const app = createApp({ journal, clock }).process(Saga, () => {
    const saga = new Saga((step) => `${step} done`)
    made.push(saga)
    return saga
  })
  await app.run(Saga, { plot: 'straight' })
  await app.run(Saga, { plot: 'straight' })
  expect(new Set(made).size).toBe(2)
  await app.close()
})

test('finished instances are kept as long as said, then removed', async () => {
  const { clock, journal } = shared()
  const on = stage({ clock, journal, retentionMs: { completed: 3_600_000, failed: Infinity } })
  const fails = { c: () => Promise.reject(new Error('no')) }
  const failing = stage({ clock, journal, retentionMs: { completed: 3_600_000, failed: Infinity }, bodies: fails })
  await on.app.run(Saga, { plot: 'straight' }, { id: 'kept an hour' })
  await expect(passTime(clock, failing.app.run(Saga, { plot: 'straight' }, { id: 'kept for ever' }))).rejects.toThrow()
  await failing.app.close()
  for (let minutes = 0; minutes < 55; minutes++) {
    clock.advance(60_000)
    await idle(2)
  }
  expect((await journal.get({ process: 'Saga', id: 'kept an hour' }))?.status).toBe('completed')
  for (let minutes = 0; minutes < 10; minutes++) {
    clock.advance(60_000)
    await idle(2)
  }
  expect(await journal.get({ process: 'Saga', id: 'kept an hour' })).toBeUndefined()
  expect((await journal.get({ process: 'Saga', id: 'kept for ever' }))?.status).toBe('failed')
  await on.app.close()
})

test('retention 0 keeps nothing, and whoever waits still gets the result', async () => {
  const { clock, journal } = shared()
  const on = stage({ clock, journal, retentionMs: { completed: 0 } })
  expect(await on.app.run(Saga, { plot: 'straight' }, { id: SAGA.id })).toEqual(['a done', 'b done', 'c done'])
  await idle()
  expect(await journal.get(SAGA)).toBeUndefined()
  await on.app.close()
})
