import { ORDER_ANSWER } from './order-process.ts'

/** Runs an order in memory and one in SQLite, and shows a stack trace. */
export function orderMain(processModule: string): string {
  return `import { createApp, MemoryJournalStore } from 'catga'
import { sqliteJournal } from 'catga/sqlite'
import { OrderProcess } from '${processModule}'

for (const journal of [new MemoryJournalStore(), sqliteJournal('orders.db')]) {
  const app = createApp({ journal }).process(OrderProcess, () => new OrderProcess())
  console.log(await app.run(OrderProcess, { id: 'o1', amount: 5 }))
  await app.close()
}
await new OrderProcess().execute({ id: 'o2', amount: -1 }).catch((error: Error) => console.log(error.stack))
`
}

/** What it prints: the answers, and where in the source the error came from. */
export const ORDER_OUTPUT = new RegExp(`^${ORDER_ANSWER}\\n${ORDER_ANSWER}\\n[\\s\\S]*order\\.process\\.ts:12:`, 'm')
