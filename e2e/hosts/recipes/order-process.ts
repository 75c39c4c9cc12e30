/** The process that recipes run where their page shows none, and the answer it gives. */
export const ORDER_PROCESS = `import { CatgaProcess, ProcessStep } from 'catga'

export interface Order {
  readonly id: string
  readonly amount: number
}

@CatgaProcess({ id: (order: Order) => order.id })
export class OrderProcess {
  async execute(order: Order): Promise<string> {
    if (order.amount < 0) {
      throw new Error('An order has no negative amount')
    }
    const receipt = await this.charge(order.amount)
    return \`\${order.id}: \${receipt}\`
  }

  @ProcessStep()
  private async charge(amount: number): Promise<string> {
    return \`charged \${amount}\`
  }
}
`

export const ORDER_ANSWER = 'o1: charged 5'
