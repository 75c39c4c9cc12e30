import { CatgaProcess, NonRetryableError, ProcessStep, stepContext } from 'catga'
import type { World } from './world.ts'

export interface Order {
  readonly id: string
  readonly instalments: number
  readonly items: readonly string[]
  /** Items whose packing fails at first. */
  readonly fragile: readonly string[]
  /** Express orders go by courier; others by post, which refuses them, and then by a second carrier. */
  readonly express: boolean
  /** The customer refuses the order at the door: everything is undone. */
  readonly refused: boolean
}

export interface Receipt {
  readonly reference: string
  readonly paid: readonly number[]
  readonly parcels: readonly string[]
  readonly carrier: string
}

/** A sequence, a loop, a branch, closures in parallel, retries, a failure that is survived, undos, derived randomness and time. */
@CatgaProcess({ name: 'order', id: (order: Order) => order.id, retry: { attempts: 4, backoffMs: 2, jitter: 0 } })
export class OrderProcess {
  readonly world: World

  constructor(world: World) {
    this.world = world
  }

  async execute(order: Order): Promise<Receipt> {
    const reference = Math.floor(Math.random() * 1e12).toString(36)
    await this.reserve(order.id, reference, order.items)
    const reservedAt = Date.now()
    const paid: number[] = []
    for (let number = 1; number <= order.instalments; number++) {
      paid.push(await this.charge(order.id, number, reservedAt))
    }
    const parcels = await Promise.all(
      order.items.map(async (item) => {
        const shelf = await this.pick(order.id, item, Math.random())
        return this.pack(order.id, item, shelf, order.fragile.includes(item))
      }),
    )
    const carrier = order.express ? await this.bookCourier(order.id) : await this.bookCheaply(order.id)
    if (order.refused) await this.handOver(order.id)
    return { reference, paid, parcels, carrier }
  }

  /** Durable helper with a step that fails for good and is done without. */
  private async bookCheaply(id: string): Promise<string> {
    try {
      return await this.bookPost(id)
    } catch {
      return await this.bookSecondCarrier(id)
    }
  }

  @ProcessStep({ compensate: 'cancelReservation' })
  private async reserve(order: string, reference: string, items: readonly string[]): Promise<string> {
    await this.world.effect({ order, effect: 'reserve', detail: `${reference} ${items.join()}`, key: stepContext().idempotencyKey })
    return `R-${reference}`
  }

  protected async cancelReservation(reservation: string, order: string): Promise<void> {
    await this.world.effect({ order, effect: 'undo reserve', detail: reservation, key: stepContext().idempotencyKey })
  }

  /** The second instalment is refused twice before it is accepted. */
  @ProcessStep({ compensate: 'refund' })
  private async charge(order: string, number: number, reservedAt: number): Promise<number> {
    const { attempt, idempotencyKey: key } = stepContext()
    if (number === 2 && attempt < 3) throw new Error(`instalment ${number} of ${order} was refused`)
    await this.world.effect({ order, effect: `charge ${number}`, detail: '', time: reservedAt, key })
    return number * 100
  }

  /** The first attempt to give the first instalment back fails. */
  protected async refund(amount: number, order: string, number: number): Promise<void> {
    const { attempt, idempotencyKey: key } = stepContext()
    if (number === 1 && attempt === 1) throw new Error(`refund ${number} of ${order} was refused`)
    await this.world.effect({ order, effect: `undo charge ${number}`, detail: String(amount), key })
  }

  @ProcessStep({ compensate: 'putBack' })
  private async pick(order: string, item: string, random: number): Promise<string> {
    await this.world.effect({ order, effect: `pick ${item}`, detail: String(random), key: stepContext().idempotencyKey })
    return `${item}@${random.toFixed(6)}`
  }

  protected async putBack(shelf: string, order: string, item: string): Promise<void> {
    await this.world.effect({ order, effect: `undo pick ${item}`, detail: shelf, key: stepContext().idempotencyKey })
  }

  @ProcessStep({ compensate: 'unpack' })
  private async pack(order: string, item: string, shelf: string, isFragile: boolean): Promise<string> {
    const { attempt, idempotencyKey: key } = stepContext()
    if (isFragile && attempt === 1) throw new Error(`${item} of ${order} broke`)
    await this.world.effect({ order, effect: `pack ${item}`, detail: shelf, key })
    return `${item} packed`
  }

  protected async unpack(_parcel: string, order: string, item: string): Promise<void> {
    await this.world.effect({ order, effect: `undo pack ${item}`, detail: '', key: stepContext().idempotencyKey })
  }

  @ProcessStep()
  private async bookCourier(order: string): Promise<string> {
    await this.world.effect({ order, effect: 'book', detail: 'courier', key: stepContext().idempotencyKey })
    return 'courier'
  }

  @ProcessStep()
  private async bookPost(order: string): Promise<string> {
    throw new NonRetryableError(`the post does not take ${order}`)
  }

  @ProcessStep()
  private async bookSecondCarrier(order: string): Promise<string> {
    await this.world.effect({ order, effect: 'book', detail: 'second carrier', key: stepContext().idempotencyKey })
    return 'second carrier'
  }

  /** Reaches the customer and fails, so it is to be undone although it has no result. */
  @ProcessStep({ compensate: 'takeBack', compensateWhen: 'attempted' })
  private async handOver(order: string): Promise<void> {
    await this.world.effect({ order, effect: 'hand over', detail: '', key: stepContext().idempotencyKey })
    throw new NonRetryableError(`the customer refused ${order}`)
  }

  protected async takeBack(_result: void, order: string): Promise<void> {
    await this.world.effect({ order, effect: 'undo hand over', detail: '', key: stepContext().idempotencyKey })
  }
}
