import { CatgaProcess, ProcessStep } from 'catga'

export interface Order {
  readonly id: string
  readonly amount: number
}

@CatgaProcess({ name: 'order', id: (order: Order) => order.id })
export class OrderProcess {
  readonly release: string | undefined

  constructor(release: string | undefined) {
    this.release = release
  }

  async execute(order: Order): Promise<string> {
    const reservation = await this.reserve(order.id)
    const payment = await this.charge(order.id, order.amount)
    return `${reservation} ${payment}`
  }

  @ProcessStep({ compensate: 'cancel' })
  private async reserve(id: string): Promise<string> {
    console.log(`reserve ${id}`)
    return `R-${id}`
  }

  protected async cancel(reservation: string): Promise<void> {
    console.log(`cancel ${reservation}`)
  }

  /** Hangs until the program is told to go on: long enough to be killed in it. */
  @ProcessStep()
  private async charge(id: string, amount: number): Promise<string> {
    console.log(`charge ${id}`)
    if (this.release === undefined) await new Promise(() => undefined)
    return `P-${amount}`
  }
}
