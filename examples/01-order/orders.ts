import type { PlaceOrder } from './order-process.ts'

/** What customers want. The carrier refuses the fifth: it has no address. */
export const orders: readonly PlaceOrder[] = [
  {
    orderId: 'A-1001',
    items: [{ sku: 'lamp', quantity: 1 }],
    amount: 40,
    address: '1 First Street',
  },
  {
    orderId: 'A-1002',
    items: [{ sku: 'desk', quantity: 1 }],
    amount: 350,
    address: '2 Second Street',
  },
  {
    orderId: 'A-1003',
    items: [{ sku: 'chair', quantity: 4 }],
    amount: 480,
    address: '3 Third Street',
  },
  {
    orderId: 'A-1004',
    items: [{ sku: 'sofa', quantity: 1 }],
    amount: 1900,
    address: '4 Fourth Street',
  },
  { orderId: 'A-1005', items: [{ sku: 'rug', quantity: 2 }], amount: 220, address: '' },
  {
    orderId: 'A-1006',
    items: [{ sku: 'shelf', quantity: 3 }],
    amount: 270,
    address: '6 Sixth Street',
  },
]
