/**
 * A worker: starts the orders, carries them out and ends when all have settled. Start it again after a crash and it goes
 * on where the journal ends; an order that was started before is the same order.
 *
 *   node dist/worker.js <journal.db> <world.jsonl> [stalls as JSON]
 */
import { createApp } from 'catga'
import { sqliteJournal } from 'catga/sqlite'
import { OrderProcess } from './order-process.ts'
import { orders } from './orders.ts'
import { OutsideWorld, type Stall } from './outside-world.ts'

const [journalFile = 'orders.db', worldFile = 'world.jsonl', stalls = '[]'] = process.argv.slice(2)
const world = new OutsideWorld(worldFile, JSON.parse(stalls) as Stall[])

const app = createApp({ journal: sqliteJournal(journalFile) }).process(
  OrderProcess,
  () => new OrderProcess(world, world, world, world),
)

await Promise.all(
  orders.map(async (order) => {
    try {
      const { trackingNumber } = await app.run(OrderProcess, order)
      console.log(`${order.orderId} completed, tracking number ${trackingNumber}`)
    } catch (error) {
      console.log(
        `${order.orderId} failed: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }),
)
await app.close()
