import { expect, test } from 'vitest'
import { approved, noted, Waiting } from '../../fixtures/processes/waiting.ts'
import { StoreUnavailableError } from '../contracts/errors.ts'
import { MemoryJournalStore } from '../memory/memory-journal-store.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { ControlledStore } from './controlled-store.test-support.ts'
import { gate, idle, passTime, until } from './harness.test-support.ts'
import { play, stage, takeOver, WAITER } from './waiting.test-support.ts'

const NEVER = { pollMs: 1e9, leaseMs: 1e9 }

function controlled() {
  const clock = new FakeClock()
  return { clock, journal: new ControlledStore(new MemoryJournalStore({ clock })) }
}

test('a process that only waits is parked after a while, and wakes when its time comes', async () => {
  const { app, handle, clock, trace, story } = await play('sleep', NEVER)
  await idle()
  clock.advance(999)
  await idle()
  expect((await handle.status()).status).toBe('running')
  clock.advance(1)
  await idle()
  expect(await handle.status()).toMatchObject({ status: 'parked', wakeAt: clock.now() + 4000 })
  expect((await handle.status()).owner).toBeUndefined()
  clock.advance(3999)
  await idle()
  expect((await handle.status()).status).toBe('parked')
  clock.advance(1)
  expect(await handle.result()).toBe(5000)
  expect(trace).toEqual([])
  expect(await story()).toEqual(['started', 'timer-set sleep', 'timer-fired sleep', 'completed'])
  await app.close()
})

test('a signal sent through the app wakes a parked process at once', async () => {
  const { app, handle, clock } = await play('signal', NEVER)
  await idle()
  clock.advance(1000)
  await idle()
  expect(await handle.status()).toMatchObject({ status: 'parked' })
  expect((await handle.status()).wakeAt).toBeUndefined()
  await app.signal(Waiting, WAITER.id, approved, { by: 'kim' })
  expect(await handle.result()).toBe('kim')
  await app.close()
})

test('a signal sent by someone else is found by the next look', async () => {
  const { app, handle, clock, journal } = await play('signal', { pollMs: 500 })
  await idle()
  clock.advance(1000)
  await until(async () => (await handle.status()).status === 'parked')
  const other = stage({ clock, journal })
  await other.app.client.signal(WAITER, approved, { by: 'kim' })
  await idle()
  expect((await handle.status()).status).toBe('parked')
  clock.advance(500)
  expect(await handle.result()).toBe('kim')
  await app.close()
})

test('what is due soon is not parked', async () => {
  const { app, handle, clock } = await play({ plot: 'sleepUntil', until: 1900 }, NEVER)
  await idle()
  clock.advance(1500)
  await idle()
  expect((await handle.status()).status).toBe('running')
  clock.advance(400)
  expect(await handle.result()).toBe(1900)
  await app.close()
})

test('a process with a step under way is not parked', async () => {
  const body = gate<string>()
  const { app, handle, clock } = await play('race', { ...NEVER, body: () => body.promise, parkAfterMs: 10 })
  await idle()
  clock.advance(500)
  await idle()
  expect((await handle.status()).status).toBe('running')
  body.open('now')
  expect(await passTime(clock, handle.result())).toBe('work')
  await app.close()
})

test('at once when others wait for the place, however many there are', async () => {
  const clock = new FakeClock()
  const { app, bodies } = stage({ clock, ...NEVER, maxInFlight: 2, parkAfterMs: 1e9 })
  const handles = await Promise.all(Array.from({ length: 10 }, (_each, i) => app.start(Waiting, { plot: 'pipeline' }, { id: `p${i}` })))
  await until(() => bodies.length === 10)
  for (const handle of handles) await handle.signal(approved, { by: handle.id })
  for (const handle of handles) await handle.signal(noted, 1)
  expect(await passTime(clock, Promise.all(handles.map((handle) => handle.result())))).toEqual(handles.map(({ id }) => [id, 1]))
  await app.close()
})

test('a signal that comes while the store is asked is not lost, and wakes it whichever was first', async () => {
  for (const when of ['before', 'after'] as const) {
    const { clock, journal } = controlled()
    const on = await play('signal', { clock, journal, ...NEVER })
    let asked = 0
    journal.onPark = async (park) => {
      asked++
      if (when === 'before') await on.app.client.signal(WAITER, approved, { by: when })
      const outcome = await park()
      if (when === 'after') await on.app.client.signal(WAITER, approved, { by: when })
      return outcome
    }
    await idle()
    clock.advance(1000)
    expect(await on.handle.result()).toBe(when)
    expect(asked).toBe(1)
    await on.app.close()
  }
})

test('what is due while the store is asked, and refuses, is over then', async () => {
  const { clock, journal } = controlled()
  const on = await play('sleep', { clock, journal, ...NEVER })
  const answer = gate()
  journal.onPark = async () => {
    await answer.promise
    return 'inbox moved'
  }
  await idle()
  clock.advance(5000)
  await idle()
  expect(await on.story()).toEqual(['started', 'timer-set sleep'])
  answer.open()
  expect(await on.handle.result()).toBe(5000)
  await on.app.close()
})

test('a store that cannot be reached is asked until it answers', async () => {
  const { clock, journal } = controlled()
  const on = await play('sleep', { clock, journal, ...NEVER })
  let asked = 0
  journal.onPark = async (park) => {
    const outcome = await park()
    if (++asked < 3) throw new StoreUnavailableError('controlled', 'park')
    return outcome
  }
  expect(await passTime(clock, on.handle.result())).toBe(5000)
  expect(asked).toBe(3)
  expect(await on.story()).toEqual(['started', 'timer-set sleep', 'timer-fired sleep', 'completed'])
  await on.app.close()
})

test('nothing is parked that is not durable yet', async () => {
  const { clock, journal } = controlled()
  const acknowledged = gate()
  let asked = 0
  journal.onAppend = (append) => {
    append.make()
    return acknowledged.promise
  }
  journal.onPark = (park) => {
    asked++
    return park()
  }
  const on = await play('sleep', { clock, journal, ...NEVER })
  await idle()
  clock.advance(3000)
  await idle()
  expect(asked).toBe(0)
  acknowledged.open()
  await idle()
  expect(asked).toBe(1)
  await passTime(clock, on.handle.result())
  await on.app.close()
})

test('closing while a process is parked, or about to be, leaves it to the next worker', async () => {
  const { clock, journal } = controlled()
  const on = await play('sleep', { clock, journal, ...NEVER })
  const answer = gate()
  journal.onPark = async (park) => {
    await answer.promise
    return park()
  }
  await idle()
  clock.advance(1000)
  await idle()
  const closed = on.app.close()
  answer.open()
  await passTime(clock, closed)
  const next = stage({ clock, journal: journal.inner })
  await next.app.open()
  expect(await passTime(clock, next.app.handle(Waiting, WAITER.id).result())).toBe(5000)
  await next.app.close()
})

test('a parked process is no crash loop, however often it is woken', async () => {
  const { app, handle, clock } = await play('inOrder', { maxTakeovers: 2, ...NEVER })
  for (let i = 0; i < 4; i++) {
    await idle()
    clock.advance(1000)
    await until(async () => (await handle.status()).status === 'parked')
    await handle.signal(noted, i)
  }
  expect(await handle.result()).toEqual([0, 1, 2, 3])
  await app.close()
})

test('many that are due at once are claimed lot by lot', async () => {
  const clock = new FakeClock()
  const { app } = stage({ clock, ...NEVER, maxInFlight: 7 })
  const handles = await Promise.all(Array.from({ length: 40 }, (_each, i) => app.start(Waiting, { plot: 'sleep' }, { id: `s${i}` })))
  await idle(50)
  clock.advance(1000)
  await idle(50)
  clock.advance(4000)
  expect(await Promise.all(handles.map((handle) => handle.result()))).toEqual(handles.map(() => 5000))
  await app.close()
})

test('a worker that starts late wakes what was due, and what will be', async () => {
  const { app, entries } = await play('sleep')
  await idle()
  const left = await entries()
  await app.close()
  const clock = new FakeClock(left.at(-1)!.at)
  const next = await takeOver(left, { clock, ...NEVER })
  await idle()
  clock.advance(1000)
  await until(async () => (await next.handle.status()).status === 'parked')
  await next.app.close()
  const last = stage({ clock, journal: next.journal, ...NEVER })
  await last.app.open()
  clock.advance(3999)
  await idle()
  expect((await next.handle.status()).status).toBe('parked')
  clock.advance(1)
  expect(await last.app.handle(Waiting, WAITER.id).result()).toBe(5000)
  await last.app.close()
})
