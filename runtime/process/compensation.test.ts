import { expect, test } from 'vitest'
import { NonRetryableError, ProcessFailedError, ProcessStuckError } from '../contracts/errors.ts'
import { MemoryJournalStore } from '../memory/memory-journal-store.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { gate, idle, passTime, storyOf, until } from './harness.test-support.ts'
import { play, SAGA, stage, takeOver } from './saga.test-support.ts'

const fails = (message: string) => (): never => {
  throw new NonRetryableError(message)
}

test('completed steps are undone in reverse order, each with its result and then its arguments', async () => {
  const { handle, deeds, clock, app, story } = await play('straight', { bodies: { a: () => ({ reserved: 1n }), c: fails('no') } })
  await expect(passTime(clock, handle.result())).rejects.toThrow(ProcessFailedError)
  expect(deeds.map(({ step, args }) => [step, ...args])).toEqual([
    ['a', { item: 'one' }],
    ['b', 'two', 2],
    ['c'],
    ['undoB', 'b done', 'two', 2],
    ['undoA', { reserved: 1n }, { item: 'one' }],
  ])
  expect(await story()).toEqual([
    'started',
    'step-completed a',
    'step-completed b',
    'step-failed c',
    'compensation-started',
    'step-compensated b',
    'step-compensated a',
    'failed',
  ])
  await app.close()
})

test('the order is that of completion, not of the calls', async () => {
  const slow = gate()
  const { handle, deeds, clock, app } = await play('parallel', {
    bodies: { a: () => slow.promise, b: () => void setImmediate(slow.open), c: () => slow.promise.then(() => idle()).then(fails('no')) },
  })
  await expect(passTime(clock, handle.result())).rejects.toThrow(ProcessFailedError)
  expect(deeds.map(({ step }) => step)).toEqual(['a', 'b', 'c', 'undoA', 'undoB'])
  await app.close()
})

test('undos run one at a time', async () => {
  const first = gate()
  const { handle, done, clock, app } = await play('straight', { bodies: { c: fails('no'), undoB: () => first.promise } })
  await until(() => done().includes('undoB'))
  await idle()
  expect(done()).not.toContain('undoA')
  first.open()
  await expect(passTime(clock, handle.result())).rejects.toThrow(ProcessFailedError)
  expect(done().slice(-2)).toEqual(['undoB', 'undoA'])
  await app.close()
})

test('an undo has a key of its own, the same on every attempt', async () => {
  let failures = 2
  const { handle, deeds, clock, app } = await play('straight', {
    bodies: {
      c: fails('no'),
      undoA: () => {
        if (failures-- > 0) throw new Error('not now')
      },
    },
  })
  await expect(passTime(clock, handle.result())).rejects.toThrow(ProcessFailedError)
  const undos = deeds.filter(({ step }) => step === 'undoA')
  expect(undos.map(({ attempt }) => attempt)).toEqual([1, 2, 3])
  expect(new Set(undos.map(({ key }) => key)).size).toBe(1)
  expect(undos[0]!.key).not.toBe(deeds[0]!.key)
  await app.close()
})

test('failed attempts of an undo are journaled and survive a crash', async () => {
  const { handle, entries, clock, app } = await play('straight', {
    bodies: {
      c: fails('no'),
      undoB: () => {
        throw new Error('not now')
      },
    },
  })
  await expect(passTime(clock, handle.result())).rejects.toThrow(ProcessStuckError)
  const journal = await entries()
  expect(journal.filter(({ kind }) => kind === 'undo-attempt-failed')).toHaveLength(2)
  await app.close()
  const afterFirst = journal.slice(0, journal.findIndex(({ kind }) => kind === 'undo-attempt-failed') + 1)
  const other = await takeOver(afterFirst)
  await expect(passTime(other.clock, other.handle.result())).rejects.toThrow(ProcessFailedError)
  expect(other.deeds.map(({ step, attempt }) => [step, attempt])).toEqual([
    ['undoB', 2],
    ['undoA', 1],
  ])
  await other.app.close()
})

test('cut off after any entry, no undo that is journaled runs again and none is left out', async () => {
  const first = await play('straight', { bodies: { c: fails('no') } })
  await expect(passTime(first.clock, first.handle.result())).rejects.toThrow(ProcessFailedError)
  const entries = await first.entries()
  await first.app.close()
  for (let length = 1; length < entries.length; length++) {
    const kept = entries.slice(0, length)
    const { handle, clock, done, app } = await takeOver(kept, { bodies: { c: fails('no') } })
    await expect(passTime(clock, handle.result())).rejects.toThrow(ProcessFailedError)
    const undone = kept.flatMap((entry) => (entry.kind === 'step-compensated' ? [`undo${entry.site.toUpperCase()}`] : []))
    expect([...undone, ...done().filter((name) => name.startsWith('undo'))]).toEqual(['undoB', 'undoA'])
    await app.close()
  }
})

test('an undo that keeps failing leaves the process stuck; resumed, it goes on where it was', async () => {
  let broken = true
  const { handle, done, clock, app, story } = await play('straight', {
    bodies: {
      c: fails('no'),
      undoA: () => {
        if (broken) throw new Error('still down')
      },
    },
  })
  const stuck = (await passTime(
    clock,
    handle.result().catch((error: unknown) => error),
  )) as ProcessStuckError
  expect(stuck).toBeInstanceOf(ProcessStuckError)
  expect(stuck.message).toContain('undoA')
  expect(((stuck.cause as Error).cause as Error).message).toBe('still down')
  expect((await handle.status()).status).toBe('stuck')
  expect(done().filter((name) => name === 'undoA')).toHaveLength(3)
  broken = false
  await app.client.resume(SAGA)
  await expect(
    passTime(
      clock,
      until(async () => (await handle.status()).status === 'failed'),
    ),
  ).resolves.toBeUndefined()
  expect(done().filter((name) => name === 'undoA')).toHaveLength(4)
  expect(done().filter((name) => name === 'undoB')).toHaveLength(1)
  expect((await story()).slice(-4)).toEqual(['stuck', 'resumed', 'step-compensated a', 'failed'])
  await app.close()
})

test('the step that failed is not undone', async () => {
  const { handle, done, clock, app } = await play('stepsInCatchAndFinally', { bodies: { a: fails('no') } })
  await expect(passTime(clock, handle.result())).rejects.toThrow(ProcessFailedError)
  expect(done()).not.toContain('undoA')
  await app.close()
})

test('steps called in catch and finally are undone like others', async () => {
  const { handle, deeds, clock, app } = await play('stepsInCatchAndFinally', { bodies: { c: fails('no') } })
  await expect(passTime(clock, handle.result())).rejects.toThrow(ProcessFailedError)
  expect(deeds.filter(({ step }) => step.startsWith('undo')).map(({ step, args }) => [step, args[1]])).toEqual([
    ['undoB', 'in finally'],
    ['undoB', 'in catch'],
    ['undoA', { item: 'one' }],
  ])
  await app.close()
})

test('a process that gets over a failure undoes nothing', async () => {
  const { handle, done, clock, app } = await play('recovered', { bodies: { c: fails('no') } })
  expect(await passTime(clock, handle.result())).toBe('b done')
  expect(done()).toEqual(['a', 'c', 'b'])
  await app.close()
})

test('compensateWhen "attempted": started is durable before the body runs, and a failed step is undone with undefined', async () => {
  let startedBefore = false
  const clock = new FakeClock()
  const journal = new MemoryJournalStore({ clock })
  const { handle, deeds, app } = await play('attempted', {
    clock,
    journal,
    bodies: {
      risky: async () => {
        startedBefore = (await storyOf(journal, SAGA)).includes('step-started risky')
        throw new Error('who knows')
      },
    },
  })
  await expect(passTime(clock, handle.result())).rejects.toThrow(ProcessFailedError)
  expect(startedBefore).toBe(true)
  expect(deeds.slice(-2).map(({ step, args }) => [step, ...args])).toEqual([
    ['undoRisky', undefined, 'bet'],
    ['undoA', 'a done', { item: 'one' }],
  ])
  await app.close()
})

test('compensateWhen "attempted": a step that completed is undone in the place of its completion, with its result', async () => {
  const slow = gate<string>()
  const { handle, deeds, clock, app, done, story } = await play('attemptedFirst', { bodies: { risky: () => slow.promise, c: fails('no') } })
  await until(async () => (await story()).includes('step-completed a'))
  slow.open('won')
  await expect(passTime(clock, handle.result())).rejects.toThrow(ProcessFailedError)
  expect((await story()).slice(1, 4)).toEqual(['step-started risky', 'step-completed a', 'step-completed risky'])
  expect(done().slice(3)).toEqual(['undoRisky', 'undoA'])
  expect(deeds[3]!.args).toEqual(['won', 'bet'])
  await app.close()
})

test('compensateWhen "attempted": a body that never ends is of unknown outcome, undone with undefined, and its late end is dropped', async () => {
  const late = gate<unknown>()
  const undoing = gate()
  const { handle, deeds, clock, app, story } = await play('attemptedBeside', {
    bodies: { risky: () => late.promise, c: fails('no'), undoRisky: () => undoing.promise },
  })
  const result = handle.result().catch((error: unknown) => error)
  await passTime(
    clock,
    until(() => deeds.some(({ step }) => step === 'undoRisky')).then(() => undefined),
  )
  late.open('won after all')
  await idle()
  undoing.open()
  expect(await passTime(clock, result)).toBeInstanceOf(ProcessFailedError)
  expect(deeds.filter(({ step }) => step === 'undoRisky').map(({ args }) => args)).toEqual([[undefined, 'bet']])
  expect(await story()).not.toContain('step-completed risky')
  await app.close()
})

test('compensateWhen "attempted": a step that a crash cut off is undone when the process does not get to call it again', async () => {
  const first = await play('attemptedBeside', { bodies: { risky: () => new Promise(() => undefined), c: fails('no') } })
  await idle()
  const entries = (await first.entries()).filter(({ kind }) => kind === 'started' || kind === 'step-started' || kind === 'step-failed')
  expect(entries.map(({ kind }) => kind)).toEqual(['started', 'step-started', 'step-failed'])
  const { handle, deeds, clock, app } = await takeOver(entries)
  await expect(passTime(clock, handle.result())).rejects.toThrow(ProcessFailedError)
  expect(deeds.map(({ step, args }) => [step, ...args])).toEqual([['undoRisky', undefined, 'bet']])
  await app.close()
  await passTime(first.clock, first.app.close({ timeoutMs: 0 }))
})

test('a result that an undo mutates does not change what the next attempt of it gets', async () => {
  const seen: unknown[] = []
  const { handle, clock, app } = await play('straight', {
    bodies: {
      a: () => ({ list: [1] }),
      c: fails('no'),
      undoA: ([result, order]) => {
        seen.push(structuredClone([result, order]))
        ;(result as { list: number[] }).list.push(2)
        ;(order as { item: string }).item = 'changed'
        if (seen.length < 3) throw new Error('again')
      },
    },
  })
  await expect(passTime(clock, handle.result())).rejects.toThrow(ProcessFailedError)
  expect(seen).toEqual(Array.from({ length: 3 }, () => [{ list: [1] }, { item: 'one' }]))
  await app.close()
})

test('closing the app while an undo runs lets it end and journals it; another app goes on with the next', async () => {
  const undoing = gate()
  const first = await play('straight', { bodies: { c: fails('no'), undoB: () => undoing.promise } })
  await until(() => first.done().includes('undoB'))
  const closing = first.app.close()
  await idle()
  undoing.open()
  await passTime(first.clock, closing)
  expect(first.done()).not.toContain('undoA')
  expect((await first.story()).at(-1)).toBe('step-compensated b')
  const second = stage({ journal: first.journal, clock: first.clock })
  await second.app.open()
  await until(async () => (await first.handle.status()).status === 'failed')
  expect(second.done()).toEqual(['undoA'])
  await second.app.close()
})
