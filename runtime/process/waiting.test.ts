import { describe, expect, test } from 'vitest'
import { approved, noted, Waiting } from '../../fixtures/processes/waiting.ts'
import { CancelledError, ProcessStuckError } from '../contracts/errors.ts'
import { idle, passTime, until } from './harness.test-support.ts'
import { play, send, stage, takeOver, WAITER } from './waiting.test-support.ts'

describe('sleep', () => {
  test('is journaled when it begins and when it is over, and takes as long as it says', async () => {
    const { handle, clock, app, story, entries } = await play('sleep')
    await idle()
    expect(await story()).toEqual(['started', 'timer-set sleep'])
    expect((await entries())[1]).toMatchObject({ dueAt: clock.now() + 5000 })
    expect(await passTime(clock, handle.result())).toBe(5000)
    expect(await story()).toEqual(['started', 'timer-set sleep', 'timer-fired sleep', 'completed'])
    await app.close()
  })

  test('is over at the time its journal says, whoever goes on', async () => {
    const { clock, app, entries } = await play('sleep')
    await idle()
    clock.advance(2000)
    const left = await entries()
    await app.close()
    const next = await takeOver(left, { clock: clock })
    await idle()
    clock.advance(2999)
    await idle()
    expect(await next.story()).toEqual(['started', 'timer-set sleep'])
    clock.advance(1)
    expect(await next.handle.result()).toBe(5000)
    await next.app.close()
  })

  test('that was over while nobody ran is over at once', async () => {
    const { app, entries, clock } = await play('sleep')
    await idle()
    const left = await entries()
    await app.close()
    clock.advance(86_400_000)
    const next = await takeOver(left, { clock })
    expect(await passTime(clock, next.handle.result())).toBe(86_400_000)
    await next.app.close()
  })

  test('until a date, also one that has passed', async () => {
    const later = await play({ plot: 'sleepUntil', until: new Date(Date.UTC(2030, 0, 2)) }, { pollMs: 1e9, leaseMs: 1e9 })
    expect(await passTime(later.clock, later.handle.result())).toBe(86_400_000)
    await later.app.close()
    for (const past of [new Date(0), -5, 0]) {
      const { handle, clock, app } = await play({ plot: 'sleepUntil', until: past })
      expect(await passTime(clock, handle.result())).toBe(0)
      await app.close()
    }
  })

  test.each([NaN, Infinity, new Date(NaN), '5000' as never])(
    'until %s never ends: the process is stuck, for its code is wrong',
    async (until) => {
      const { handle, clock, app, story } = await play({ plot: 'sleepUntil', until })
      const error: unknown = await passTime(clock, handle.result()).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(ProcessStuckError)
      expect((error as Error).cause).toMatchObject({
        code: 'invalid-option',
        message: expect.stringContaining('sleep takes milliseconds or a valid Date'),
      })
      expect(await story()).toEqual(['started', 'stuck'])
      await app.close()
    },
  )

  test('several that are over at once end in the order of their times', async () => {
    const { app, entries, clock } = await play('sleepers')
    await idle()
    const left = await entries()
    await app.close()
    clock.advance(86_400_000)
    const next = await takeOver(left, { clock })
    expect(await passTime(clock, next.handle.result())).toEqual([100, 200, 300])
    await next.app.close()
  })

  test('goes by the clock: one that is set back makes it longer', async () => {
    const { handle, clock, app } = await play('sleep', { parkAfterMs: 1e9 })
    await idle()
    let backMs = 0
    const now = clock.now.bind(clock)
    clock.now = () => now() - backMs
    backMs = 3_600_000
    clock.advance(5000)
    await idle()
    expect((await handle.status()).status).toBe('running')
    clock.advance(3_600_000)
    expect(await passTime(clock, handle.result())).toBe(5000)
    await app.close()
  })

  test('that nobody waits for does not keep the process', async () => {
    const { handle, clock, app, trace, story } = await play('leftOver')
    expect(await handle.result()).toBe('done')
    clock.advance(100_000)
    await idle()
    expect(trace).toEqual([])
    expect(await story()).toEqual(['started', 'timer-set sleep', 'step-completed work', 'completed'])
    await app.close()
  })
})

describe('a signal', () => {
  test('is answered by the wait for it', async () => {
    const { app, handle, story } = await play('signal')
    await idle()
    await handle.signal(approved, { by: 'kim' })
    expect(await handle.result()).toBe('kim')
    expect(await story()).toEqual(['started', 'signal-received', 'completed'])
    await app.close()
  })

  test('waits until it is waited for; those of one name are taken in the order sent', async () => {
    const { app, handle } = await play('inOrder', { body: () => new Promise((resolve) => setTimeout(resolve, 20)) })
    for (const number of [3, 1]) await app.signal(Waiting, WAITER.id, noted, number)
    await app.signal(Waiting, WAITER.id, approved, { by: 'nobody asks for this' })
    for (const number of [4, 1]) await app.client.signal(WAITER, noted, number)
    expect(await handle.result()).toEqual([3, 1, 4, 1])
    await app.close()
  })

  test('sent twice under one id counts once', async () => {
    const { app, handle, story } = await play('inOrder')
    for (const number of [1, 2, 2, 1, 3, 4]) await handle.signal(noted, number, { messageId: `m${number}` })
    expect(await handle.result()).toEqual([1, 2, 3, 4])
    expect((await story()).filter((kind) => kind === 'signal-received')).toHaveLength(4)
    await app.close()
  })

  test('that does not come in time is an error, or a value', async () => {
    const thrown = await play('timeout')
    expect(await passTime(thrown.clock, thrown.handle.result())).toBe(1000)
    expect(thrown.trace).toEqual(['wait-timeout approved 1000'])
    expect(await thrown.story()).toEqual(['started', 'timer-set waitFor', 'timer-fired waitFor', 'completed'])
    await thrown.app.close()
    const tried = await play('tryTimeout')
    expect(await passTime(tried.clock, tried.handle.result())).toBe('wait-timeout')
    await tried.app.close()
  })

  test('that comes in time ends the timeout', async () => {
    const { app, handle, clock, story } = await play('tryTimeout')
    await idle()
    clock.advance(999)
    await handle.signal(approved, { by: 'kim' })
    expect(await handle.result()).toBe('kim')
    clock.advance(5000)
    await idle()
    expect(await story()).toEqual(['started', 'timer-set tryWaitFor', 'signal-received', 'completed'])
    await app.close()
  })

  test('goes to the next wait when the first one has timed out, and the same when it is replayed', async () => {
    const on = await play('signalAgainstTime')
    await send(on, on.clock.now(), [
      { name: 'noted', payload: 1, afterMs: 100 },
      { name: 'noted', payload: 2, afterMs: 150 },
    ])
    const result = await on.handle.result()
    expect(result).toEqual(['late', 1, 2])
    const entries = await on.entries()
    await on.app.close()
    const again = await takeOver(entries.slice(0, -1))
    expect(await again.handle.result()).toEqual(result)
    await again.app.close()
  })

  test('to nobody is refused, before the start and after the end', async () => {
    const { app, handle, clock } = await play('sleep')
    await expect(app.signal(Waiting, 'nobody', noted, 1)).rejects.toMatchObject({ code: 'process-not-found' })
    await passTime(clock, handle.result())
    await expect(handle.signal(noted, 1)).rejects.toMatchObject({ code: 'process-finished' })
    await expect(app.client.signal(WAITER, 'noted', 1)).rejects.toThrow('signal "noted" was not delivered')
    await expect(app.client.signal(WAITER, '', 1)).rejects.toMatchObject({ code: 'invalid-id' })
    await app.close()
  })

  test('whose payload does not survive the journal is refused when it is sent', async () => {
    const { app, handle, story, clock } = await play('sleep')
    await expect(handle.signal(noted, (() => 1) as never)).rejects.toMatchObject({ code: 'not-serializable' })
    await passTime(clock, handle.result())
    expect(await story()).not.toContain('signal-received')
    await app.close()
  })

  test('before a resume of a stuck instance is not lost with it', async () => {
    let fails = true
    const { app, handle } = await play('inOrder', {
      body: () => {
        if (fails) throw new TypeError('no')
      },
    })
    await expect(handle.result()).rejects.toMatchObject({ code: 'process-failed' })
    await app.close()
    // A failed step fails the process; a fault leaves it stuck.
    const stuck = await play({ plot: 'sleepUntil', until: NaN })
    await expect(stuck.handle.result()).rejects.toMatchObject({ code: 'process-stuck' })
    await stuck.handle.signal(noted, 7)
    expect(await stuck.app.client.resume(WAITER)).toBe(true)
    await until(async () => (await stuck.story()).filter((kind) => kind === 'stuck').length === 2)
    expect(await stuck.story()).toEqual(['started', 'stuck', 'signal-received', 'resumed', 'stuck'])
    fails = false
    await stuck.app.close()
  })
})

describe('a cancel', () => {
  test('is thrown at the wait; waits in its cleanup work', async () => {
    const { app, handle, clock, trace, bodies, story } = await play('cleanup')
    await idle()
    await handle.signal(noted, 1)
    await handle.cancel('enough')
    await expect(passTime(clock, handle.result())).rejects.toThrow(CancelledError)
    expect(trace).toEqual(['CancelledError'])
    expect(bodies).toEqual(['a', 'cleaned'])
    expect(await story()).toEqual([
      'started',
      'step-completed work',
      'signal-received',
      'cancel-requested',
      'timer-set sleep',
      'timer-fired sleep',
      'step-completed work',
      'failed',
    ])
    await app.close()
  })

  test('of a parked instance wakes it', async () => {
    const { app, handle, clock, trace } = await play('cleanup')
    await idle()
    clock.advance(1000)
    await until(async () => (await handle.status()).status === 'parked')
    await handle.cancel('enough')
    await expect(passTime(clock, handle.result())).rejects.toThrow(CancelledError)
    expect(trace).toEqual(['CancelledError', 'CancelledError'].slice(0, trace.length))
    await app.close()
  })
})

test('waits outside process code throw, and say where they belong', async () => {
  const { sleep, waitFor, tryWaitFor } = await import('./waiting.ts')
  await expect(sleep(1)).rejects.toMatchObject({ code: 'outside-process', message: expect.stringContaining('sleep()') })
  await expect(waitFor(noted)).rejects.toMatchObject({ code: 'outside-process' })
  await expect(tryWaitFor(noted, { timeoutMs: 1 })).rejects.toMatchObject({ code: 'outside-process' })
  expect(stage).toBeDefined()
})
