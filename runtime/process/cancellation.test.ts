import { expect, test } from 'vitest'
import { CancelledError, NonRetryableError, ProcessStuckError } from '../contracts/errors.ts'
import { MemoryJournalStore } from '../memory/memory-journal-store.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { ControlledStore } from './controlled-store.test-support.ts'
import { gate, idle, passTime, until } from './harness.test-support.ts'
import { type Body, play, SAGA, stage, takeOver } from './saga.test-support.ts'
import { Saga } from '../../fixtures/processes/saga.ts'

/** A body that ends when its signal is aborted, by throwing the reason. */
const untilAborted: Body = (_args, { signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })

/** A body that ends for no signal. */
const deaf: Body = () => new Promise(() => undefined)

const cancelledBecause = (reason: string) => expect.objectContaining({ name: 'CancelledError', code: 'cancelled', reason })

test('a cancel is journaled, thrown at the outstanding call, and what was completed is undone', async () => {
  const { handle, clock, app, done, story, trace } = await play('never', { bodies: { c: untilAborted } })
  await until(() => done().includes('c'))
  expect(await handle.cancel('changed my mind')).toBe(true)
  await expect(passTime(clock, handle.result())).rejects.toEqual(cancelledBecause('changed my mind'))
  expect(await story()).toEqual(['started', 'step-completed a', 'cancel-requested', 'compensation-started', 'step-compensated a', 'failed'])
  expect(done()).toEqual(['a', 'c', 'undoA'])
  expect(trace).toEqual([])
  expect((await handle.status()).status).toBe('cancelled')
  await app.close()
})

test('durable calls in catch and finally work, and the cancel is thrown only once', async () => {
  const { handle, clock, app, done, trace } = await play('stepsInCatchAndFinally', { bodies: { c: untilAborted } })
  await until(() => done().includes('c'))
  await handle.cancel('stop')
  await expect(passTime(clock, handle.result())).rejects.toThrow(CancelledError)
  expect(trace).toEqual(['caught CancelledError', 'finally'])
  expect(done()).toEqual(['a', 'c', 'b', 'b', 'undoB', 'undoB', 'undoA'])
  await app.close()
})

test('a process that swallows the cancel goes on, and still ends as cancelled with its steps undone', async () => {
  const { handle, clock, app, done, trace } = await play('swallowsCancel', { bodies: { c: untilAborted } })
  await until(() => done().includes('c'))
  await handle.cancel('stop')
  await expect(passTime(clock, handle.result())).rejects.toThrow(CancelledError)
  expect(trace).toEqual(['swallowed CancelledError'])
  expect(done()).toEqual(['a', 'c', 'b', 'undoB', 'undoA'])
  await app.close()
})

test('of several outstanding calls the oldest gets it', async () => {
  const { handle, clock, app, done, entries } = await play('parallel', { bodies: { a: untilAborted, b: deaf, c: deaf } })
  await until(() => done().includes('c'))
  await handle.cancel('stop')
  await expect(passTime(clock, handle.result())).rejects.toEqual(cancelledBecause('stop'))
  expect((await entries()).find(({ kind }) => kind === 'failed')).toMatchObject({ outcome: 'cancelled' })
  await app.close()
})

test('a cancelled call that waits for its next attempt makes none', async () => {
  const { handle, clock, app, done } = await play('stepsInCatchAndFinally', {
    bodies: {
      c: () => {
        throw new Error('try again')
      },
      b: () => gate().promise.catch(() => undefined),
    },
  })
  await until(() => done().includes('c'))
  await idle()
  await handle.cancel('stop')
  await until(() => done().includes('b'))
  clock.advance(60_000)
  await idle()
  expect(done().filter((name) => name === 'c')).toHaveLength(1)
  await passTime(clock, app.close({ timeoutMs: 1 }))
})

test('a body that ignores its signal is left after the grace; the process is run again from its journal', async () => {
  const { handle, clock, app, done, story } = await play('never', { bodies: { c: deaf }, settleGraceMs: 5000 })
  await until(() => done().includes('c'))
  await handle.cancel('stop')
  await idle()
  expect((await handle.status()).status).toBe('running')
  clock.advance(5000)
  await expect(passTime(clock, handle.result())).rejects.toEqual(cancelledBecause('stop'))
  expect(done()).toEqual(['a', 'c', 'undoA'])
  expect(await story()).toEqual(['started', 'step-completed a', 'cancel-requested', 'compensation-started', 'step-compensated a', 'failed'])
  await app.close()
})

test('a body that completes in spite of the cancel is undone too', async () => {
  const body = gate<string>()
  const { handle, clock, app, deeds, done } = await play('parallel', {
    bodies: { a: () => body.promise, b: deaf, c: deaf },
    settleGraceMs: 1000,
  })
  await until(() => done().length === 3)
  await handle.cancel('stop')
  await idle()
  body.open('done after all')
  await expect(passTime(clock, handle.result())).rejects.toThrow(CancelledError)
  expect(deeds.filter(({ step }) => step.startsWith('undo')).map(({ step, args }) => [step, ...args])).toEqual([
    ['undoA', 'done after all', { item: 'one' }],
  ])
  await app.close()
})

test('an inline body that completes in spite of the cancel is undone too, and its result is not seen', async () => {
  const body = gate<string>()
  const { handle, clock, app, deeds, done, trace } = await play('stepsInCatchAndFinally', { bodies: { a: () => body.promise } })
  await until(() => done().includes('a'))
  await handle.cancel('stop')
  await idle()
  body.open('done after all')
  await expect(passTime(clock, handle.result())).rejects.toThrow(CancelledError)
  expect(trace).toEqual(['caught CancelledError', 'finally'])
  expect(deeds.filter(({ step }) => step === 'undoA').map(({ args }) => args)).toEqual([['done after all', { item: 'one' }]])
  expect(done()).not.toContain('c')
  await app.close()
})

test('cut off after any entry, a cancelled process ends the same and undoes what is left', async () => {
  const first = await play('stepsInCatchAndFinally', { bodies: { c: untilAborted } })
  await until(() => first.done().includes('c'))
  await first.handle.cancel('stop')
  await expect(passTime(first.clock, first.handle.result())).rejects.toThrow(CancelledError)
  const entries = await first.entries()
  await first.app.close()
  const from = entries.findIndex(({ kind }) => kind === 'cancel-requested') + 1
  for (let length = from; length < entries.length; length++) {
    const kept = entries.slice(0, length)
    const { handle, clock, app, story, trace } = await takeOver(kept, { bodies: { c: deaf } })
    await expect(passTime(clock, handle.result())).rejects.toEqual(cancelledBecause('stop'))
    expect(await story()).toEqual(await first.story())
    if (!kept.some(({ kind }) => kind === 'compensation-started')) expect(trace).toEqual(['caught CancelledError', 'finally'])
    await app.close()
  }
})

test('a cancel that was journaled and met nothing any more still counts after a crash', async () => {
  const first = await play('straight')
  await first.handle.result()
  const entries = (await first.entries()).slice(0, -1)
  await first.app.close()
  const at = entries.at(-1)!.at
  const { handle, clock, app, done } = await takeOver([...entries, { kind: 'cancel-requested', at, reason: 'late', inbox: '1' }])
  await expect(passTime(clock, handle.result())).rejects.toEqual(cancelledBecause('late'))
  expect(done()).toEqual(['undoB', 'undoA'])
  await app.close()
})

test('cancelling again changes nothing', async () => {
  const { handle, clock, app, trace, story } = await play('stepsInCatchAndFinally', {
    bodies: { c: untilAborted, b: () => idle().then(() => 'b') },
  })
  await until(async () => (await story()).includes('step-completed a'))
  await handle.cancel('first')
  await handle.cancel('second')
  await expect(passTime(clock, handle.result())).rejects.toEqual(cancelledBecause('first'))
  expect(trace).toEqual(['caught CancelledError', 'finally'])
  await app.close()
})

test('cancelling during compensation does nothing, also when an undo leaves the process stuck afterwards', async () => {
  const undoing = gate()
  let broken = true
  const { handle, clock, app, done, story } = await play('straight', {
    bodies: {
      c: () => {
        throw new NonRetryableError('no')
      },
      undoB: () => undoing.promise,
      undoA: () => {
        if (broken) throw new NonRetryableError('undo is down')
      },
    },
  })
  await until(() => done().includes('undoB'))
  expect(await handle.cancel('too late')).toBe(true)
  await idle()
  undoing.open()
  await expect(passTime(clock, handle.result())).rejects.toThrow(ProcessStuckError)
  clock.advance(60_000)
  await idle()
  expect(done().filter((name) => name === 'undoA')).toHaveLength(1)
  expect(await handle.cancel('again')).toBe(true)
  for (let i = 0; i < 5; i++) {
    clock.advance(1000)
    await idle()
  }
  expect((await handle.status()).status).toBe('stuck')
  expect(done().filter((name) => name === 'undoA')).toHaveLength(1)
  broken = false
  await app.client.resume(SAGA)
  await passTime(
    clock,
    until(async () => (await handle.status()).status === 'failed'),
  )
  expect((await story()).filter((word) => word === 'step-compensated a')).toHaveLength(1)
  await app.close()
})

test('cancelling a stuck process undoes what its journal has', async () => {
  const { handle, clock, app, done, deeds } = await play('bug')
  await expect(handle.result()).rejects.toThrow(ProcessStuckError)
  await handle.cancel('give up')
  await passTime(
    clock,
    until(async () => (await handle.status()).status === 'cancelled'),
  )
  await expect(handle.result()).rejects.toEqual(cancelledBecause('give up'))
  expect(done()).toEqual(['a', 'undoA'])
  expect(deeds[1]!.args).toEqual(['a done', { item: 'one' }])
  await app.close()
})

test('a cancel and a resume of a stuck process: the cancel is not lost', async () => {
  const { handle, clock, app } = await play('bug')
  await expect(handle.result()).rejects.toThrow(ProcessStuckError)
  await Promise.all([handle.cancel('give up'), app.client.resume(SAGA)])
  await passTime(
    clock,
    until(async () => (await handle.status()).status === 'cancelled'),
  )
  await app.close()
})

test('a cancel right after the start is not lost', async () => {
  const { handle, clock, app } = await play('never', { bodies: { a: untilAborted } })
  await handle.cancel('at once')
  await expect(passTime(clock, handle.result())).rejects.toEqual(cancelledBecause('at once'))
  await app.close()
})

test('a cancel of a process that waits for its turn is not lost', async () => {
  const first = gate()
  const on = stage({ maxInFlight: 1, bodies: { a: () => first.promise, c: untilAborted } })
  const running = await on.app.start(Saga, { plot: 'straight' }, { id: 'first' })
  const waiting = await on.app.start(Saga, { plot: 'never' }, { id: SAGA.id })
  await idle()
  await waiting.cancel('not needed')
  await idle()
  first.open()
  await idle()
  await running.cancel('done')
  await expect(passTime(on.clock, running.result())).rejects.toEqual(cancelledBecause('done'))
  await expect(passTime(on.clock, waiting.result())).rejects.toEqual(cancelledBecause('not needed'))
  await on.app.close()
})

test('cancelling what has ended answers false; what does not exist is a typed error', async () => {
  const { handle, app } = await play('straight')
  await handle.result()
  expect(await handle.cancel('too late')).toBe(false)
  await expect(app.handle(Saga, 'nobody').cancel('x')).rejects.toMatchObject({ code: 'process-not-found' })
  await app.close()
})

test('on a slow store the cancel is thrown only once it is durable', async () => {
  const clock = new FakeClock()
  const journal = new ControlledStore(new MemoryJournalStore({ clock }))
  const ack = gate()
  journal.onAppend = (append) => {
    append.make()
    return append.entries[0]!.kind === 'cancel-requested' ? ack.promise : undefined
  }
  const { handle, app, done, trace } = await play('stepsInCatchAndFinally', { clock, journal, bodies: { c: untilAborted } })
  await until(() => done().includes('c'))
  await handle.cancel('stop')
  await idle()
  expect(trace).toEqual([])
  ack.open()
  await expect(passTime(clock, handle.result())).rejects.toThrow(CancelledError)
  await app.close()
})
