import { CatgaProcess, keyed, ProcessStep, stepContext } from 'catga'

export interface Order {
  readonly id: string
  readonly items: readonly string[]
  readonly express?: boolean
  readonly note?: string | undefined
}

export type Ship = (item: string, key: string) => Promise<string>

@CatgaProcess({ name: 'order', id: (order: Order) => order.id })
export class OrderProcess {
  readonly #ship: Ship

  constructor(ship: Ship) {
    this.#ship = ship
  }

  async execute({ id, items, express = false, note }: Order) {
    const started = Date.now()
    const reserved = await this.reserve(items)
    if (reserved === 'nothing') {
      return { shipped: [], total: 0, started }
    }
    const shipped = await Promise.all(
      items.map(async (item) => {
        const label = express ? await this.shipFast(item) : await this.ship(item)
        return label ?? 'lost'
      }),
    )
    await keyed(id, () => this.thank(note?.trim() || 'thanks'))
    for (const item of items) {
      if (item === 'fragile') await this.check(item)
      else await this.pack(item)
    }
    switch (shipped.length) {
      case 1:
        await this.pack('one')
        break
      case 2:
        await this.pack('two')
        break
      default:
        await this.pack('many')
    }
    return { shipped, total: this.total(items), started }
  }

  private total(items: readonly string[]) {
    return items.length > 1 ? items.length * 2 : 1
  }

  private async check(item: string) {
    try {
      await this.inspect(item)
    } catch (error) {
      await this.pack(`${item} ${(error as Error).message}`)
    } finally {
      await this.pack('checked')
    }
  }

  @ProcessStep({ compensate: 'release' })
  protected async reserve(items: readonly string[]) {
    if (items.length === 0) return 'nothing'
    for (const item of items) {
      if (item === '') throw new Error('an item has no name')
    }
    return `${items.length} reserved`
  }

  protected async release(reserved: string) {
    return reserved
  }

  @ProcessStep()
  protected async ship(item: string): Promise<string | undefined> {
    return this.#ship(item, stepContext().idempotencyKey)
  }

  @ProcessStep({ retry: { attempts: 2, backoffMs: 1 } })
  protected async shipFast(item: string): Promise<string | undefined> {
    try {
      return await this.#ship(item, 'fast')
    } catch {
      return undefined
    }
  }

  @ProcessStep()
  protected async pack(item: string): Promise<void> {
    if (item === 'void') return
    await Promise.resolve()
  }

  @ProcessStep({ retry: { attempts: 1 } })
  protected async inspect(item: string) {
    if (item === 'fragile') throw new Error('is broken')
  }

  @ProcessStep()
  protected async thank(text: string) {
    return text.toUpperCase()
  }
}
