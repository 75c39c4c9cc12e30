import { createApp, MemoryJournalStore } from 'catga'
import { OrderProcess } from './order-process.ts'

const [address = ''] = process.argv.slice(2)

const app = createApp({ journal: new MemoryJournalStore() }).process(OrderProcess, () => new OrderProcess())
const settled = await app.tryRun(OrderProcess, { id: 'A-1', prices: [30, 12], address })
console.log(settled.ok ? `paid ${settled.value.paid}` : `failed: ${settled.error.message}`)
await app.close()
