/** A project with what file-by-file compilers find hard: a const enum of another file, an undo nobody calls, other decorators. */
export const ORDER = `import { CatgaProcess, NonRetryableError, ProcessStep } from 'catga'
import { Level, type Order, priceOf } from './price.ts'

const Traced = <Method extends (...args: never[]) => unknown>(method: Method, _context: ClassMethodDecoratorContext): Method => method

/** Takes an order, and 🚚 ships it. */
@CatgaProcess({ id: (order: Order) => order.id })
export class OrderProcess {
  async execute(order: Order): Promise<{ readonly paid: number; readonly parcels: readonly string[] }> {
    const paid = await this.charge(order)
    const parcels = await Promise.all(order.items.map(async (item) => await this.ship(item)))
    if (order.level === Level.Broken) await this.fail(order.id)
    return { paid, parcels }
  }

  @ProcessStep({ compensate: 'refund' })
  private async charge(order: Order): Promise<number> {
    return priceOf(order)
  }

  private async refund(_paid: number, order: Order): Promise<void> {
    console.log(\`refunded \${order.id}\`)
  }

  @Traced
  @ProcessStep({ name: 'ship item' })
  protected async ship(item: string): Promise<string> {
    return \`parcel of \${item}\`
  }

  @ProcessStep()
  private async fail(id: string): Promise<never> {
    const error = new NonRetryableError(\`no stock for \${id}\`)
    console.log(error.stack)
    throw error
  }
}
`

export const PRICE = `export const enum Level {
  Plain,
  Broken,
}

export interface Order {
  readonly id: string
  readonly items: readonly string[]
  readonly level: Level
}

export function priceOf({ items }: Order): number {
  return items.length * 10
}
`

/** Runs it in memory and in SQLite, and prints what came of it. */
export const MAIN = `import { createApp, MemoryJournalStore } from 'catga'
import { sqliteJournal } from 'catga/sqlite'
import { OrderProcess } from './order.process.ts'
import { Level } from './price.ts'

const sqlite = sqliteJournal(process.argv[2] ?? 'orders.db')
for (const journal of [new MemoryJournalStore(), sqlite]) {
  const app = createApp({ journal }).process(OrderProcess, () => new OrderProcess())
  console.log(JSON.stringify(await app.run(OrderProcess, { id: 'A-1', items: ['tea', 'cup'], level: Level.Plain })))
  const failed = await app.tryRun(OrderProcess, { id: 'A-2', items: ['tea'], level: Level.Broken })
  console.log(failed.ok)
  await app.close()
}
await sqlite[Symbol.asyncDispose]()
`
