import { expect, test } from 'vitest'
import { Careless } from '../../fixtures/processes/careless.ts'
import { createCodec } from '../codec/msgpack-codec.ts'
import { NonRetryableError, ProcessFailedError, ProcessStuckError } from '../contracts/errors.ts'
import { MemoryJournalStore } from '../memory/memory-journal-store.ts'
import { createApp } from './app.ts'
import { gate, idle, passTime, until } from './harness.test-support.ts'
import { type Body, play, SAGA, takeOver } from './saga.test-support.ts'

const codec = createCodec()

const deaf: Body = () => new Promise(() => undefined)
const fails = (message: string) => (): never => {
  throw new NonRetryableError(message)
}

test('losers of a race are aborted when the process ends, and the end waits for them', async () => {
  const loser = gate<string>()
  let aborted = false
  const { handle, clock, app, done } = await play('race', {
    bodies: {
      a: () => 'winner',
      b: (_args, { signal }) => {
        signal.addEventListener('abort', () => (aborted = true))
        return loser.promise
      },
      patient: () => 'also ran',
    },
  })
  await until(() => aborted)
  await idle()
  expect((await handle.status()).status).toBe('running')
  loser.open('late')
  expect(await passTime(clock, handle.result())).toBe('winner')
  expect(done()).toEqual(['a', 'patient', 'b'])
  await app.close()
})

for (const [who, bodies, waitsMs] of [
  ['but has a timeout is left after it', { a: () => 'winner', b: () => 'b', patient: deaf }, 30_000],
  ['and has no timeout is left after the grace', { a: () => 'winner', b: deaf, patient: () => 'p' }, 5000],
] as const) {
  test(`a loser that does not end and ${who}`, async () => {
    const { handle, clock, app, story } = await play('race', { settleGraceMs: 5000, bodies })
    let settled = false
    void handle.result().then(() => (settled = true))
    await idle()
    clock.advance(waitsMs - 1)
    await idle()
    expect(settled).toBe(false)
    clock.advance(1)
    await idle()
    expect(settled).toBe(true)
    expect((await story()).filter((word) => word.startsWith('step-completed'))).toHaveLength(2)
    await app.close()
  })
}

test('a loser in its backoff makes no further attempt', async () => {
  let attempts = 0
  const slow = gate<string>()
  const { handle, clock, app } = await play('race', {
    bodies: {
      a: () => slow.promise,
      b: () => {
        attempts++
        throw new Error('not yet')
      },
      patient: () => slow.promise,
    },
  })
  await until(() => attempts === 1)
  await idle()
  slow.open('winner')
  expect(await passTime(clock, handle.result())).toBe('winner')
  clock.advance(60_000)
  await idle()
  expect(attempts).toBe(1)
  await app.close()
})

test('a sibling that ends while the end waits for it counts as completed, and is undone first', async () => {
  const sibling = gate<string>()
  const { handle, clock, app, deeds, story, done } = await play('parallel', {
    bodies: { a: () => 'first', b: () => sibling.promise, c: fails('no') },
  })
  await until(async () => (await story()).includes('step-failed c'))
  sibling.open('second')
  await expect(passTime(clock, handle.result())).rejects.toThrow(ProcessFailedError)
  expect(done()).toEqual(['a', 'b', 'c', 'undoB', 'undoA'])
  expect(deeds[3]!.args).toEqual(['second', 'two', 2])
  await app.close()
})

test('a sibling that ends after the grace is dropped: neither journaled nor undone', async () => {
  const sibling = gate<string>()
  const undoing = gate()
  const { handle, clock, app, story, done } = await play('parallel', {
    settleGraceMs: 100,
    bodies: { a: () => 'first', b: () => sibling.promise, c: fails('no'), undoA: () => undoing.promise },
  })
  await until(async () => (await story()).includes('step-failed c'))
  await idle()
  clock.advance(100)
  await until(() => done().includes('undoA'))
  sibling.open('too late')
  await idle()
  undoing.open()
  await expect(passTime(clock, handle.result())).rejects.toThrow(ProcessFailedError)
  expect(await story()).not.toContain('step-completed b')
  expect(done()).not.toContain('undoB')
  await app.close()
})

test('nothing is delivered after the end: process code that still waits hears nothing', async () => {
  const sibling = gate<string>()
  const { handle, clock, app, story, trace } = await play('parallel', {
    bodies: { a: () => 'first', b: () => sibling.promise, c: fails('no') },
  })
  await until(async () => (await story()).includes('step-failed c'))
  sibling.open('second')
  await expect(passTime(clock, handle.result())).rejects.toThrow(ProcessFailedError)
  await idle()
  expect(trace).toEqual([])
  await app.close()
})

test('a bug in process code leaves the instance stuck with nothing undone; fixed code goes on', async () => {
  const { handle, app, done, story, entries } = await play('bug')
  const error = (await handle.result().catch((thrown: unknown) => thrown)) as ProcessStuckError
  expect(error).toBeInstanceOf(ProcessStuckError)
  expect(error.cause).toBeInstanceOf(TypeError)
  expect(done()).toEqual(['a'])
  expect(await story()).toEqual(['started', 'step-completed a', 'stuck'])
  const journal = await entries()
  await app.close()
  // The fix is in what the step answered: the same journal, had `a` answered what the code expects.
  const answered = journal.map((entry) =>
    entry.kind === 'step-completed' ? { ...entry, result: encode({ missing: { property: 'there' } }) } : entry,
  )
  const fixed = await takeOver(answered)
  await fixed.app.client.resume(SAGA)
  await passTime(
    fixed.clock,
    until(async () => (await fixed.handle.status()).status === 'completed'),
  )
  expect(await fixed.handle.result()).toBe('there')
  expect(fixed.done()).toEqual([])
  await fixed.app.close()
})

test('resumed with the bug still in, it is stuck again', async () => {
  const { handle, clock, app, story, done } = await play('bug')
  await expect(handle.result()).rejects.toThrow(ProcessStuckError)
  await app.client.resume(SAGA)
  await passTime(
    clock,
    until(async () => (await story()).length === 5),
  )
  expect(await story()).toEqual(['started', 'step-completed a', 'stuck', 'resumed', 'stuck'])
  expect(done()).toEqual(['a'])
  await expect(handle.result()).rejects.toThrow(ProcessStuckError)
  await app.close()
})

test('a step beside a bug is not aborted: it ends, is journaled, and fixed code finds its result', async () => {
  const beside = gate<string>()
  let aborted = false
  const { handle, clock, app, story, done } = await play('bugBeside', {
    bodies: {
      b: (_args, { signal }) => {
        signal.addEventListener('abort', () => (aborted = true))
        return beside.promise
      },
    },
  })
  await until(() => done().includes('a'))
  await idle()
  beside.open('beside')
  await expect(passTime(clock, handle.result())).rejects.toThrow(ProcessStuckError)
  expect(aborted).toBe(false)
  expect(await story()).toEqual(['started', 'step-completed a', 'step-completed b', 'stuck'])
  await app.close()
})

test('a step beside a bug that fails keeps its remaining attempts', async () => {
  const beside = gate<string>()
  const { handle, clock, app, story, done } = await play('bugBeside', { bodies: { b: () => beside.promise } })
  await until(() => done().includes('a'))
  await idle()
  beside.fail(new Error('for now'))
  await expect(passTime(clock, handle.result())).rejects.toThrow(ProcessStuckError)
  expect(await story()).toEqual(['started', 'step-completed a', 'attempt-failed b', 'stuck'])
  await app.close()
})

test('with onBug "compensate" a bug fails the process and its steps are undone', async () => {
  const undone: string[] = []
  const app = createApp({ journal: new MemoryJournalStore() }).process(Careless, () => new Careless(undone))
  const error = (await app.run(Careless, 'x').catch((thrown: unknown) => thrown)) as ProcessFailedError
  expect(error).toBeInstanceOf(ProcessFailedError)
  expect(error.cause).toBeInstanceOf(TypeError)
  expect(undone).toEqual(['x'])
  await app.close()
})

test('a TypeError that a step throws is a failure like others, also when process code lets it pass', async () => {
  const { handle, clock, app, done } = await play('throwsStepError', {
    bodies: {
      c: () => {
        throw new TypeError('bad answer from the warehouse')
      },
    },
  })
  const error = (await passTime(
    clock,
    handle.result().catch((thrown: unknown) => thrown),
  )) as ProcessFailedError
  expect(error).toBeInstanceOf(ProcessFailedError)
  expect(error.cause).toBeInstanceOf(TypeError)
  expect(done()).toEqual(['c', 'c'])
  await app.close()
})

function encode(value: unknown): Uint8Array {
  return codec.encode(value, 'test') as Uint8Array
}
