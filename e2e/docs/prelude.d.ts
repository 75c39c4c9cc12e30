/** Names that examples in pages and docstrings use without declaring them. What an example declares itself goes before these. */

interface Item {
  readonly sku: string
  readonly quantity: number
}

interface Order {
  readonly id: string
  readonly orderId: string
  readonly customerId: string
  readonly amount: number
  readonly address: string
  readonly items: readonly Item[]
}

interface Reservation {
  readonly reservationId: string
}

interface Payment {
  readonly paymentId: string
}

interface Shipment {
  readonly trackingNumber: string
}

interface Inventory {
  reserve(orderId: string, items: readonly Item[], key?: string): Promise<Reservation>
  release(reservation: Reservation): Promise<void>
}

interface Payments {
  charge(amount: number, options?: { readonly idempotencyKey?: string; readonly signal?: AbortSignal }): Promise<Payment>
  refund(payment: Payment): Promise<void>
}

interface Shipping {
  ship(order: Order): Promise<Shipment>
}

declare const order: Order
declare const inventory: Inventory
declare const payments: Payments
declare const shipping: Shipping
declare const source: string
declare function test(name: string, run: () => unknown): void

declare class Expense {
  execute(amount: number): Promise<string>
}

declare class OrderProcess {
  constructor(inventory: Inventory, payments: Payments, shipping?: Shipping)
  execute(order: Order): Promise<{ readonly orderId: string }>
}
