/** The other systems an order needs. Each call takes an idempotency key: asking twice with one key has one effect. */

export interface Item {
  readonly sku: string
  readonly quantity: number
}

export interface Reservation {
  readonly reservationId: string
}

export interface Payment {
  readonly paymentId: string
  readonly amount: number
}

export interface Shipment {
  readonly trackingNumber: string
}

export interface Inventory {
  reserve(orderId: string, items: readonly Item[], key: string): Promise<Reservation>
  release(reservation: Reservation, key: string): Promise<void>
}

export interface Payments {
  charge(orderId: string, amount: number, key: string): Promise<Payment>
  refund(payment: Payment, key: string): Promise<void>
}

export interface Notifications {
  send(orderId: string, text: string, key: string): Promise<void>
}

export interface Shipping {
  ship(
    orderId: string,
    address: string,
    service: 'standard' | 'express',
    key: string,
  ): Promise<Shipment>
}
