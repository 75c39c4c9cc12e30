/**
 * A worker that takes over what is unfinished, carries out the orders it is given, a few at a time, and ends.
 *
 *   node worker.js <file with the plan>
 */
import { readFileSync } from 'node:fs'
import { createApp } from 'catga'
import { sqliteJournal } from 'catga/sqlite'
import { type Death, fatalStore } from './fatal-store.ts'
import { type Order, OrderProcess } from './order-process.ts'
import { World } from './world.ts'

/** What a test tells a worker to do. */
export interface Plan {
  readonly database: string
  readonly effects: string
  /** Longest wait before and after each effect, in milliseconds. */
  readonly latencyMs: number
  readonly orders: readonly Order[]
  /** Orders begun at once. */
  readonly atOnce: number
  readonly death?: Death
}

const plan = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Plan
const world = new World(plan.effects, plan.latencyMs)
const { store, commits } = fatalStore(sqliteJournal(plan.database), plan.death)
// Kills are many here and say nothing about the instance, so no number of them makes it stuck.
const app = createApp({ journal: store, leaseMs: 2000, pollMs: 20, maxTakeovers: Infinity }).process(
  OrderProcess,
  () => new OrderProcess(world),
)
await app.open()
console.log('open')

const orders = [...plan.orders]
const carryOut = async (): Promise<void> => {
  for (let order = orders.shift(); order !== undefined; order = orders.shift()) {
    const settled = await app.tryRun(OrderProcess, order)
    console.log(`${order.id} ${settled.ok ? 'completed' : settled.error.name} after ${commits(order.id)} commits`)
  }
}
await Promise.all(Array.from({ length: plan.atOnce }, carryOut))
for await (const { status } of app.client.list()) if (status !== 'completed' && status !== 'failed') console.log(`an order is ${status}`)
await app.close()
await store[Symbol.asyncDispose]()
console.log('finished')
