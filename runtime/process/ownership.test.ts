import { afterEach, beforeEach, expect, test } from 'vitest'
import { Saga } from '../../fixtures/processes/saga.ts'
import { FencedError, ProcessStuckError, StoreUnavailableError } from '../contracts/errors.ts'
import { MemoryJournalStore } from '../memory/memory-journal-store.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { ControlledStore } from './controlled-store.test-support.ts'
import { entriesOf, gate, idle, passTime, until } from './harness.test-support.ts'
import { play, SAGA, stage } from './saga.test-support.ts'

const unhandled: unknown[] = []
const note = (reason: unknown): void => void unhandled.push(reason)
beforeEach(() => {
  unhandled.length = 0
  process.on('unhandledRejection', note)
})
afterEach(() => {
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
})

function controlled() {
  const clock = new FakeClock()
  return { clock, journal: new ControlledStore(new MemoryJournalStore({ clock })) }
}

test('a worker whose lease ran out writes nothing more, and its user code hears nothing', async () => {
  const clock = new FakeClock()
  const journal = new MemoryJournalStore({ clock })
  const body = gate<string>()
  // The paused worker has a clock that stands still: it neither renews nor polls.
  const paused = stage({ clock: new FakeClock(clock.now()), journal, bodies: { c: () => body.promise } })
  const handle = await paused.app.start(Saga, { plot: 'stepsInCatchAndFinally' }, { id: SAGA.id })
  await until(() => paused.done().includes('c'))
  clock.advance(60_000)
  const next = stage({ clock, journal })
  await next.app.open()
  await until(() => next.done().includes('b'))
  const before = await entriesOf(journal, SAGA)
  body.open('too late')
  await idle()
  expect(await entriesOf(journal, SAGA)).toEqual(before)
  expect(paused.trace).toEqual([])
  expect(paused.done()).toEqual(['a', 'c'])
  expect(next.done()).toEqual(['c', 'b'])
  expect(await handle.result()).toBe('not reached when c fails')
  await next.app.close()
  await passTime(clock, paused.app.close({ timeoutMs: 0 }))
})

test('a fenced append abandons the run: no catch, no finally, no undo', async () => {
  const { clock, journal } = controlled()
  journal.onAppend = (append) => {
    if (append.seq === 2) throw new FencedError('this instance')
    append.make()
  }
  const { app, done, trace } = await play('stepsInCatchAndFinally', { clock, journal })
  await until(() => done().includes('c'))
  await idle()
  expect(trace).toEqual([])
  expect(done()).toEqual(['a', 'c'])
  expect(await entriesOf(journal, SAGA)).toHaveLength(2)
  await passTime(clock, app.close())
})

for (const [what, applied] of [
  ['was made and its acknowledgement lost', true],
  ['was not made', false],
] as const) {
  test(`a commit that ${what} is made again, and is in the journal once`, async () => {
    const { clock, journal } = controlled()
    let failures = 0
    journal.onAppend = async (append) => {
      if (failures++ % 2 === 0) {
        if (applied) append.make()
        throw new StoreUnavailableError('controlled', 'append')
      }
      append.make()
    }
    const { app, handle, done, story } = await play('straight', { clock, journal })
    expect(await passTime(clock, handle.result())).toEqual(['a done', 'b done', 'c done'])
    expect(done()).toEqual(['a', 'b', 'c'])
    expect(await story()).toEqual(['started', 'step-completed a', 'step-completed b', 'step-completed c', 'completed'])
    await passTime(clock, app.close())
  })
}

test('appends that overtake one of unknown outcome are made again in order', async () => {
  const { clock, journal } = controlled()
  let first = true
  journal.onAppend = async (append) => {
    await idle(1)
    if (first) {
      first = false
      throw new StoreUnavailableError('controlled', 'append')
    }
    append.make()
  }
  const { app, handle, story } = await play('parallel', { clock, journal })
  expect(await passTime(clock, handle.result())).toEqual(['a done', 'b done', 'c done'])
  expect((await story()).slice(0, 4).sort()).toEqual(['started', 'step-completed a', 'step-completed b', 'step-completed c'])
  expect(await story()).toHaveLength(5)
  await passTime(clock, app.close())
})

test('while the store is away process code waits: nothing is thrown at it, nothing is undone', async () => {
  const { clock, journal } = controlled()
  let away = true
  journal.onAppend = (append) => {
    if (away) throw new StoreUnavailableError('controlled', 'append')
    append.make()
  }
  const { app, handle, done, trace } = await play('stepsInCatchAndFinally', { clock, journal })
  for (let i = 0; i < 20; i++) {
    await idle(2)
    clock.advance(500)
  }
  expect(done()).toEqual(['a'])
  expect(trace).toEqual([])
  away = false
  expect(await passTime(clock, handle.result())).toBe('not reached when c fails')
  await passTime(clock, app.close())
})

test('an answer of the store that no retry mends ends the run, not with an error in user code', async () => {
  const { clock, journal } = controlled()
  let broken = true
  journal.onAppend = (append) => {
    if (broken && append.seq === 2) throw new Error('disk on fire')
    append.make()
  }
  const { app, handle, done, trace } = await play('stepsInCatchAndFinally', { clock, journal })
  const error = (await passTime(clock, handle.result()).catch((thrown: unknown) => thrown)) as ProcessStuckError
  expect(error).toBeInstanceOf(ProcessStuckError)
  expect((error.cause as Error).message).toBe('disk on fire')
  expect(trace).toEqual([])
  expect(done().filter((name) => name.startsWith('undo'))).toEqual([])
  broken = false
  await passTime(
    clock,
    until(async () => (await handle.status()).status === 'completed'),
  )
  await passTime(clock, app.close())
})

test('a store that is away when an instance is taken over does not lose it', async () => {
  const clock = new FakeClock()
  const inner = new MemoryJournalStore({ clock })
  const first = stage({ clock, journal: inner, bodies: { a: () => new Promise(() => undefined) } })
  await first.app.start(Saga, { plot: 'straight' }, { id: SAGA.id })
  await idle()
  await passTime(clock, first.app.close({ timeoutMs: 0 }))
  const journal = new ControlledStore(inner)
  let failures = 3
  journal.onLoad = () => {
    if (failures-- > 0) throw new StoreUnavailableError('controlled', 'load')
  }
  const second = stage({ clock, journal })
  await second.app.open()
  expect(await passTime(clock, second.app.handle(Saga, SAGA.id).result())).toEqual(['a done', 'b done', 'c done'])
  await second.app.close()
})

test('a journal that does not begin with "started" is refused with a typed error, and nothing is written', async () => {
  const clock = new FakeClock()
  const inner = new MemoryJournalStore({ clock })
  const first = stage({ clock, journal: inner, bodies: { a: () => new Promise(() => undefined) } })
  await first.app.start(Saga, { plot: 'straight' }, { id: SAGA.id })
  await idle()
  await passTime(clock, first.app.close({ timeoutMs: 0 }))
  const journal = new (class extends ControlledStore {
    override async join(options: { readonly worker: string; readonly leaseMs: number }) {
      const session = await super.join(options)
      const claim = session.claim.bind(session)
      session.claim = async (wanted) =>
        (await claim(wanted)).map((claimed) => ({
          ...claimed,
          journal: { ...claimed.journal, load: async () => [{ kind: 'resumed', at: 0, inbox: '1' } as const] },
        }))
      return session
    }
  })(inner)
  const appends: unknown[] = []
  journal.onAppend = (append) => void appends.push(append)
  const second = stage({ clock, journal })
  await second.app.open()
  const error = (await second.app
    .handle(Saga, SAGA.id)
    .result()
    .catch((thrown: unknown) => thrown)) as ProcessStuckError
  expect(error).toBeInstanceOf(ProcessStuckError)
  expect(error.cause).toMatchObject({ code: 'corrupt-journal' })
  expect(second.done()).toEqual([])
  expect(appends).toEqual([])
  await passTime(clock, second.app.close())
})

test('two workers on one store: every instance is run by one of them, to its end', async () => {
  const clock = new FakeClock()
  const journal = new MemoryJournalStore({ clock })
  const one = stage({ clock, journal })
  const two = stage({ clock, journal })
  await Promise.all([one.app.open(), two.app.open()])
  const starts = Array.from({ length: 40 }, (_, i) => [i % 2 === 0 ? one : two, `id-${i % 20}`] as const)
  const handles = await Promise.all(starts.map(([on, id]) => on.app.start(Saga, { plot: 'straight' }, { id })))
  for (const handle of handles) expect(await passTime(clock, handle.result())).toEqual(['a done', 'b done', 'c done'])
  expect(one.done().length + two.done().length).toBe(60)
  await Promise.all([one.app.close(), two.app.close()])
})
