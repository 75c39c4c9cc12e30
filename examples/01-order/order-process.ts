import { CatgaProcess, ProcessStep, stepContext } from 'catga'
import type {
  Inventory,
  Item,
  Notifications,
  Payment,
  Payments,
  Reservation,
  Shipment,
  Shipping,
} from './services.ts'

export interface PlaceOrder {
  readonly orderId: string
  readonly items: readonly Item[]
  readonly amount: number
  readonly address: string
}

export interface OrderPlaced {
  readonly orderId: string
  readonly paymentId: string
  readonly trackingNumber: string
}

/**
 * Reserves the goods, takes the payment while the customer is told, and ships. If a step fails for good, what was done
 * is undone, last first.
 */
@CatgaProcess({ name: 'order', id: (order: PlaceOrder) => order.orderId })
export class OrderProcess {
  constructor(
    private readonly inventory: Inventory,
    private readonly payments: Payments,
    private readonly notifications: Notifications,
    private readonly shipping: Shipping,
  ) {}

  async execute(order: PlaceOrder): Promise<OrderPlaced> {
    await this.reserve(order.orderId, order.items)
    const [payment] = await Promise.all([
      this.charge(order.orderId, order.amount),
      this.confirm(order.orderId),
    ])
    const service = order.amount > 1000 ? 'express' : 'standard'
    const { trackingNumber } = await this.ship(order, service)
    return { orderId: order.orderId, paymentId: payment.paymentId, trackingNumber }
  }

  @ProcessStep({ name: 'reserve inventory', compensate: 'release' })
  private async reserve(orderId: string, items: readonly Item[]): Promise<Reservation> {
    return this.inventory.reserve(orderId, items, stepContext().idempotencyKey)
  }

  private async release(reservation: Reservation): Promise<void> {
    await this.inventory.release(reservation, stepContext().idempotencyKey)
  }

  @ProcessStep({ name: 'charge card', compensate: 'refund', retry: { attempts: 5, backoffMs: 50 } })
  private async charge(orderId: string, amount: number): Promise<Payment> {
    return this.payments.charge(orderId, amount, stepContext().idempotencyKey)
  }

  private async refund(payment: Payment): Promise<void> {
    await this.payments.refund(payment, stepContext().idempotencyKey)
  }

  @ProcessStep({ name: 'send confirmation', compensate: 'apologise' })
  private async confirm(orderId: string): Promise<void> {
    await this.notifications.send(
      orderId,
      'Thank you for your order.',
      stepContext().idempotencyKey,
    )
  }

  private async apologise(_sent: void, orderId: string): Promise<void> {
    await this.notifications.send(
      orderId,
      'We are sorry: your order was cancelled.',
      stepContext().idempotencyKey,
    )
  }

  @ProcessStep({ name: 'ship parcel' })
  private async ship(order: PlaceOrder, service: 'standard' | 'express'): Promise<Shipment> {
    return this.shipping.ship(order.orderId, order.address, service, stepContext().idempotencyKey)
  }
}
