import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { NonRetryableError } from 'catga'
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

/** One line of the file that plays the outside world. */
export interface WorldEntry {
  /** `asked`: a request arrived. `done`: it had its effect, which happens once per key. */
  readonly what: 'asked' | 'done'
  readonly orderId: string
  readonly effect: string
  readonly key: string
  /** Operating system process that asked. */
  readonly pid: number
}

/** Makes the named effect of an order hang for good, before it happens or before its answer arrives. */
export interface Stall {
  readonly orderId: string
  readonly effect: string
  readonly when: 'before' | 'after'
}

/**
 * Warehouse, bank, mail and carrier in one append-only file. They keep what reaches them whatever happens to the worker,
 * take tens of milliseconds to answer, and answer a key they know without doing anything again.
 */
export class OutsideWorld implements Inventory, Payments, Notifications, Shipping {
  readonly #file: string
  readonly #stalls: readonly Stall[]

  constructor(file: string, stalls: readonly Stall[] = []) {
    this.#file = file
    this.#stalls = stalls
  }

  async reserve(orderId: string, _items: readonly Item[], key: string): Promise<Reservation> {
    await this.#have('reserve inventory', orderId, key, 20)
    return { reservationId: `R-${orderId}` }
  }

  async release(reservation: Reservation, key: string): Promise<void> {
    await this.#have('release inventory', reservation.reservationId.slice(2), key, 20)
  }

  async charge(orderId: string, amount: number, key: string): Promise<Payment> {
    await this.#have('charge card', orderId, key, 60)
    return { paymentId: `P-${orderId}`, amount }
  }

  async refund(payment: Payment, key: string): Promise<void> {
    await this.#have('refund card', payment.paymentId.slice(2), key, 40)
  }

  async send(orderId: string, text: string, key: string): Promise<void> {
    await this.#have(
      text.startsWith('Thank you') ? 'send confirmation' : 'send apology',
      orderId,
      key,
      10,
    )
  }

  async ship(
    orderId: string,
    address: string,
    _service: 'standard' | 'express',
    key: string,
  ): Promise<Shipment> {
    if (address === '') throw new AddressRefusedError(orderId)
    await this.#have('ship parcel', orderId, key, 30)
    return { trackingNumber: `T-${orderId}` }
  }

  async #have(effect: string, orderId: string, key: string, latencyMs: number): Promise<void> {
    const entry = { orderId, effect, key, pid: process.pid }
    this.#write({ what: 'asked', ...entry })
    const stall = this.#stalls.find(
      (candidate) => candidate.orderId === orderId && candidate.effect === effect,
    )
    if (stall?.when === 'before') await forEver()
    await delay(latencyMs)
    if (!this.#knows(key)) this.#write({ what: 'done', ...entry })
    if (stall?.when === 'after') await forEver()
  }

  #write(entry: WorldEntry): void {
    appendFileSync(this.#file, `${JSON.stringify(entry)}\n`)
  }

  #knows(key: string): boolean {
    return readWorld(this.#file).some((entry) => entry.what === 'done' && entry.key === key)
  }
}

/** Everything that reached the outside world so far. */
export function readWorld(file: string): readonly WorldEntry[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as WorldEntry)
}

/** The carrier does not deliver there, and asking again will not change that. */
export class AddressRefusedError extends NonRetryableError {
  constructor(orderId: string) {
    super(`the carrier does not deliver to the address of order ${orderId}`)
  }
}

/** An answer that never comes. The timer keeps the worker alive, as an open connection would. */
async function forEver(): Promise<never> {
  for (;;) await delay(60_000)
}
