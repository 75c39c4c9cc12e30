/** A process is a class: with fakes it is tested like any other, with no engine and no journal. */
import { describe, expect, test } from 'vitest'
import { OrderProcess, type PlaceOrder } from './order-process.ts'
import type { Inventory, Notifications, Payments, Shipping } from './services.ts'

const order: PlaceOrder = {
  orderId: 'A-1',
  items: [{ sku: 'lamp', quantity: 1 }],
  amount: 40,
  address: '1 First Street',
}

function fakes() {
  const calls: string[] = []
  const note = <T>(call: string, answer: T): Promise<T> => {
    calls.push(call)
    return Promise.resolve(answer)
  }
  const inventory: Inventory = {
    reserve: (orderId) => note(`reserve ${orderId}`, { reservationId: 'R-1' }),
    release: () => note('release', undefined),
  }
  const payments: Payments = {
    charge: (_orderId, amount) => note(`charge ${amount}`, { paymentId: 'P-1', amount }),
    refund: () => note('refund', undefined),
  }
  const notifications: Notifications = {
    send: (_orderId, text) => note(`send "${text}"`, undefined),
  }
  const shipping: Shipping = {
    ship: (_orderId, _address, service) => note(`ship ${service}`, { trackingNumber: 'T-1' }),
  }
  return { calls, process: new OrderProcess(inventory, payments, notifications, shipping) }
}

describe('OrderProcess without an engine', () => {
  test('places an order', async () => {
    const { calls, process } = fakes()
    expect(await process.execute(order)).toEqual({
      orderId: 'A-1',
      paymentId: 'P-1',
      trackingNumber: 'T-1',
    })
    expect(calls).toEqual([
      'reserve A-1',
      'charge 40',
      'send "Thank you for your order."',
      'ship standard',
    ])
  })

  test('ships express what is worth it', async () => {
    const { calls, process } = fakes()
    await process.execute({ ...order, amount: 1001 })
    expect(calls).toContain('ship express')
  })
})
