import { expect, test } from 'vitest'
import { Grows } from '../../fixtures/processes/orders.ts'
import { createCodec } from '../codec/msgpack-codec.ts'
import { MemoryJournalStore } from '../memory/memory-journal-store.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { createApp } from './app.ts'
import { passTime, until } from './harness.test-support.ts'
import type { AppOptions } from './options.ts'

async function grow(input: Parameters<Grows['execute']>[0], options: Partial<AppOptions> = {}) {
  const app = createApp({ journal: new MemoryJournalStore(), ...options }).process(Grows, () => new Grows())
  try {
    return { value: await app.run(Grows, input) }
  } catch (error) {
    return { error: error as Error & { code: string; cause: Error & { code: string; limit: string } } }
  } finally {
    await app.close()
  }
}

test('a journal over the limit of entries leaves the instance stuck and says what to do', async () => {
  expect(await grow({ steps: 18 }, { maxEntries: 20 })).toEqual({ value: 0 })
  const { error } = await grow({ steps: 100 }, { maxEntries: 20 })
  expect(error).toMatchObject({ code: 'process-stuck', cause: { code: 'limit-exceeded', limit: 'maxEntries' } })
  expect(error!.message).toMatch(/20/)
})

test('resumed where the limit is higher, it goes on', async () => {
  const clock = new FakeClock()
  const journal = new MemoryJournalStore({ clock })
  const app = createApp({ journal, clock, maxEntries: 20 }).process(Grows, () => new Grows())
  await expect(app.run(Grows, { steps: 100 }, { id: 'g' })).rejects.toMatchObject({ code: 'process-stuck' })
  await app.close()
  const wider = createApp({ journal, clock, maxEntries: 1000 }).process(Grows, () => new Grows())
  await wider.open()
  await wider.client.resume({ process: 'Grows', id: 'g' })
  await passTime(
    clock,
    until(async () => (await wider.handle(Grows, 'g').status()).status === 'completed'),
  )
  expect(await wider.handle(Grows, 'g').result()).toBe(0)
  await wider.close()
})

test('a result over the limit of bytes fails the step with a typed error', async () => {
  const codec = createCodec({ maxBytes: 10_000 })
  expect(await grow({ bytes: 9000 }, { codec })).toEqual({ value: 9000 })
  const { error } = await grow({ bytes: 11_000 }, { codec })
  expect(error).toMatchObject({ code: 'process-failed', cause: { code: 'limit-exceeded' } })
})

test('recursion without end is stopped with a typed error; much recursion is fine', async () => {
  expect(await grow({ depth: 100 })).toEqual({ value: 0 })
  const { error } = await grow({ depth: 100_000 })
  expect(error).toMatchObject({ code: 'process-stuck', cause: { code: 'limit-exceeded', limit: 'depth' } })
})

test('long processes: ten thousand steps in one loop', async () => {
  expect(await grow({ steps: 10_000 })).toEqual({ value: 0 })
})
