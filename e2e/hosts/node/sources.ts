/** A user's program, as text: it uses what Node itself cannot load, and what this repository does not allow itself. */

/** A process with an enum, parameter properties, a decorator of somebody else's and types all over. */
export const ORDER_PROCESS = `import { CatgaProcess, ProcessStep } from 'catga'
import { Prices } from './prices.js'

enum Size { Small, Large }

function counted<This, Args extends unknown[], Result>(method: (this: This, ...args: Args) => Result, _context: ClassMethodDecoratorContext) {
  return function (this: This, ...args: Args): Result {
    Prices.calls++
    return method.apply(this, args)
  }
}

export interface Order { readonly id: string; readonly amount: number }

@CatgaProcess()
export class OrderProcess {
  constructor(private readonly prices: Prices, public readonly shop = 'corner') {}

  async execute(order: Order): Promise<string> {
    const [price, place] = await Promise.all([this.price(order.amount), this.place()])
    return [order.id, Size[price > 100 ? Size.Large : Size.Small], price, this.shop, place].join(' ')
  }

  @counted
  @ProcessStep()
  private async price(amount: number): Promise<number> {
    return this.prices.of(amount satisfies number)
  }

  @ProcessStep()
  private async place(): Promise<string> {
    return new Error('here').stack!.split('\\n')[1]!.trim()
  }
}
`

/** The line of `place` that asks where it is. */
export const PLACE_LINE = ORDER_PROCESS.split('\n').findIndex((line) => line.includes("new Error('here')")) + 1

export const PRICES_TS = `export class Prices {
  static calls = 0
  factor: number
  constructor(factor: number) { this.factor = factor }
  of(amount: number): number { return amount * this.factor }
}
`

export const PRICES_CJS = `exports.Prices = class Prices {
  static calls = 0
  constructor(factor) { this.factor = factor }
  of(amount) { return amount * this.factor }
}
`

/** Runs the process on memory and on SQLite; prints what came of it. */
const RUN = `
async function run(journal: any, id: string) {
  const app = createApp({ journal }).process(OrderProcess, () => new OrderProcess(new Prices(3)))
  try {
    return await app.run(OrderProcess, { id, amount: 50 }, { id })
  } finally {
    await app.close()
  }
}

async function both(file: string) {
  const results = [await run(new MemoryJournalStore(), 'A'), await run(sqliteJournal(file), 'B')]
  return { results, calls: Prices.calls, typescript: (process.features as any).typescript ?? false }
}
`

export const IMPORTING_APP = `import { createApp, MemoryJournalStore } from 'catga'
import { sqliteJournal } from 'catga/sqlite'
import { OrderProcess } from './order.process.js'
import { Prices } from './prices.js'
${RUN}
console.log(JSON.stringify(await both(process.argv[2]!)))
`

const types = /: any|: string|!(?=\))| as any/g

/** The same for \`require\`, in JavaScript that every Node loads; `name` is the process file's. */
export const requiringApp = (name: string): string => `const { createApp, MemoryJournalStore } = require('catga')
const { sqliteJournal } = require('catga/sqlite')
const { OrderProcess } = require('./${name}')
const { Prices } = require('./prices.js')
${RUN.replace(types, '')}
both(process.argv[2]).then(async (found) => {
  const imported = await import('./${name}')
  console.log(JSON.stringify({ ...found, same: imported.OrderProcess === OrderProcess, main: require.main === module }))
})
`
