import { CatgaProcess, ProcessStep } from 'catga'

/** A loop of steps with primitive arguments and results. */
@CatgaProcess()
export class Counting {
  async execute(steps: number): Promise<number> {
    let sum = 0
    for (let i = 0; i < steps; i++) sum = await this.add(sum, i)
    return sum
  }

  @ProcessStep()
  private async add(a: number, b: number): Promise<number> {
    return (a + b) | 0
  }
}

export interface Stock {
  readonly sku: string
  readonly left: number
}

/** A loop of steps with a small object as argument and as result. */
@CatgaProcess()
export class StockTaking {
  async execute(steps: number): Promise<number> {
    let stock: Stock = { sku: 'chair', left: steps }
    for (let i = 0; i < steps; i++) stock = await this.take(stock)
    return stock.left
  }

  @ProcessStep()
  private async take(stock: Stock): Promise<Stock> {
    return { sku: stock.sku, left: stock.left - 1 }
  }
}
