import { CatgaProcess, ProcessStep, stepContext } from 'catga'
import { total } from './price.ts'
import type { Item, Shop } from './shop.ts'

export interface Order {
  readonly id: string
  readonly items: readonly Item[]
  readonly broken?: boolean
}

@CatgaProcess({ name: 'order', id: (order: Order) => order.id })
export class OrderProcess {
  readonly #shop: Shop

  constructor(shop: Shop) {
    this.#shop = shop
  }

  async execute({ items, broken = false }: Order) {
    const reservation = await this.reserve(items)
    const packed = await Promise.all(
      items.map(async (item) => {
        const label = await this.pack(item)
        return `${label}!`
      }),
    )
    if (broken) await this.collapse('😀')
    return { reservation, packed, amount: total(items) }
  }

  @ProcessStep({ compensate: 'release' })
  protected async reserve(items: readonly Item[]) {
    return this.#shop.reserve(items.length, stepContext().attempt)
  }

  protected async release(reservation: string) {
    this.#shop.release(reservation)
  }

  @ProcessStep()
  protected async pack(item: Item) {
    return `${item.sku} packed`
  }

  @ProcessStep({ retry: { attempts: 1 } })
  protected async collapse(reason: string) {
    if (reason !== '') throw new Error(`the shelf collapsed ${reason}`)
  }
}
