import { createApp } from 'catga'
import { sqliteJournal } from 'catga/sqlite'
import { OrderProcess } from './order-process.js'

async function main(): Promise<void> {
  const [database = 'orders.db', release] = process.argv.slice(2)
  const app = createApp({ journal: sqliteJournal(database) }).process(OrderProcess, () => new OrderProcess(release))
  console.log(`result: ${await app.run(OrderProcess, { id: 'A-1', amount: 40 })}`)
  await app.close()
}

void main()
