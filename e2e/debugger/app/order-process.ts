import { CatgaProcess, NonRetryableError, ProcessStep, stepContext } from 'catga'

export interface Order {
  readonly id: string
  readonly prices: readonly number[]
  readonly address: string
}

export interface Receipt {
  readonly id: string
  readonly labels: readonly string[]
  readonly paid: number
}

@CatgaProcess({ name: 'order', retry: { attempts: 2, backoffMs: 1 } })
export class OrderProcess {
  async execute(order: Order): Promise<Receipt> {
    const total = order.prices.reduce((sum, price) => sum + price, 0)
    const reservation = await this.reserve(order.id, order.prices.length)
    const labels: string[] = []
    for (const price of order.prices) {
      labels.push(await this.label(reservation, price))
    }
    const weights = await Promise.all(
      labels.map(async (text) => {
        const weight = await this.weigh(text)
        return weight * 2
      }),
    )
    const paid = await this.pay(order.id, total)
    if (order.address === '') {
      await this.refuse(order.id)
    } else {
      await this.ship(order.address, weights.length)
    }
    return { id: order.id, labels, paid }
  }

  private async pay(id: string, total: number): Promise<number> {
    const fee = total > 100 ? 0 : 5
    const paid = await this.charge(id, total + fee)
    return paid
  }

  @ProcessStep({ compensate: 'release' })
  private async reserve(id: string, places: number): Promise<string> {
    const prefix = id.slice(0, 1)
    await nextTurn() // reserve
    return `${prefix}-${places}`
  }

  protected async release(reservation: string, id: string): Promise<void> {
    const message = `release ${reservation} of ${id}`
    await nextTurn() // release
    console.log(message)
  }

  @ProcessStep()
  private async label(reservation: string, price: number): Promise<string> {
    return `${reservation}/${price}`
  }

  @ProcessStep()
  private async weigh(text: string): Promise<number> {
    return text.length
  }

  @ProcessStep()
  private async charge(id: string, amount: number): Promise<number> {
    const { attempt } = stepContext()
    if (attempt === 1) throw new Error(`the bank is busy, ${id}`)
    return amount
  }

  @ProcessStep()
  private async ship(address: string, parcels: number): Promise<void> {
    console.log(`ship ${parcels} to ${address}`)
  }

  @ProcessStep()
  private async refuse(id: string): Promise<void> {
    throw new NonRetryableError(`no address for ${id}`)
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
