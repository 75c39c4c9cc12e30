import { createApp, MemoryJournalStore } from 'catga'
import { expect, test } from 'vitest'
import { OrderProcess } from './order.process.ts'

const ship = async (item: string) => `${item} shipped`

test('plainly', async () => {
  const process = new OrderProcess(ship)
  expect(await process.execute({ id: '1', items: [] })).toMatchObject({ total: 0 })
  expect(await process.execute({ id: '2', items: ['tea', 'fragile'] })).toMatchObject({
    shipped: ['tea shipped', 'fragile shipped'],
    total: 4,
  })
  expect(await process.execute({ id: '3', items: ['tea'], express: true, note: ' hi ' })).toMatchObject({ total: 1 })
})

test.runIf(globalThis.process.env['ENGINE'] !== 'none')('on an engine', async () => {
  const app = createApp({ journal: new MemoryJournalStore() }).process(OrderProcess, () => new OrderProcess(ship))
  expect(await app.run(OrderProcess, { id: '1', items: ['tea', 'fragile'] })).toMatchObject({ total: 4 })
  await app.close()
})
