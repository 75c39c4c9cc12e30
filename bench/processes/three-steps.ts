import { CatgaProcess, ProcessStep } from 'catga'

/** Three steps in sequence, primitive arguments and results. */
@CatgaProcess()
export class PrimitiveOrder {
  async execute(amount: number): Promise<number> {
    const reserved = await this.reserve(amount, 'chair')
    const paid = await this.charge(reserved, 'EUR')
    return this.ship(paid, true)
  }

  @ProcessStep()
  private async reserve(amount: number, sku: string): Promise<number> {
    return amount + sku.length
  }

  @ProcessStep()
  private async charge(amount: number, currency: string): Promise<number> {
    return amount + currency.length
  }

  @ProcessStep()
  private async ship(amount: number, express: boolean): Promise<number> {
    return express ? amount + 1 : amount
  }
}

export interface Item {
  readonly sku: string
  readonly quantity: number
  readonly price: number
}

export interface Order {
  readonly orderId: string
  readonly customerId: string
  readonly items: readonly Item[]
  readonly address: { readonly street: string; readonly city: string; readonly zip: string }
  readonly amount: number
}

export interface Reservation {
  readonly reservationId: string
  readonly skus: readonly string[]
}

export interface Payment {
  readonly paymentId: string
  readonly amount: number
}

export interface Shipment {
  readonly trackingNumber: string
  readonly reservationId: string
  readonly city: string
}

/** Three steps in sequence, an order as input and objects as arguments and results. */
@CatgaProcess()
export class ObjectOrder {
  async execute(order: Order): Promise<Shipment> {
    const reservation = await this.reserve(order.orderId, order.items)
    const payment = await this.charge(order.customerId, order.amount)
    const shipment = await this.ship(reservation, payment, order.address.city)
    return shipment
  }

  @ProcessStep()
  private async reserve(orderId: string, items: readonly Item[]): Promise<Reservation> {
    return { reservationId: `r-${orderId}`, skus: items.map((item) => item.sku) }
  }

  @ProcessStep()
  private async charge(customerId: string, amount: number): Promise<Payment> {
    return { paymentId: `p-${customerId}`, amount }
  }

  @ProcessStep()
  private async ship(reservation: Reservation, payment: Payment, city: string): Promise<Shipment> {
    return { trackingNumber: `t-${payment.paymentId}`, reservationId: reservation.reservationId, city }
  }
}
