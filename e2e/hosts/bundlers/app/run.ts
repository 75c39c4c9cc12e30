/** Runs the processes on journals and fails one; prints what came of it as one line. */
import { createApp, type JournalStore } from 'catga'
import { OrderProcess } from './order.process.ts'
import { Shop } from './shop.ts'
import { traced, TracedProcess } from './traced.process.ts'

const items = [
  { sku: 'tea', price: 3 },
  { sku: 'cup', price: 9 },
]

export async function run(journals: Readonly<Record<string, JournalStore>>): Promise<void> {
  const printed: Record<string, unknown> = {}
  for (const [name, journal] of Object.entries(journals)) {
    const shop = new Shop()
    const app = createApp({ journal })
      .process(OrderProcess, () => new OrderProcess(shop))
      .process(TracedProcess, () => new TracedProcess())
    const done = await app.run(OrderProcess, { id: 'done', items })
    const failed = await app.tryRun(OrderProcess, { id: 'broken', items, broken: true })
    const cause = failed.ok ? undefined : (failed.error.cause as Error | undefined)
    const greeting = await app.run(TracedProcess, 'ada', { id: 'ada' })
    await app.close()
    printed[name] = { done, stack: cause?.stack, released: shop.released, greeting }
  }
  process.stdout.write(`${JSON.stringify({ ...printed, traced })}\n`)
}
