/**
 * Where each order of examples/01-order is caught by the kill, and what must have happened to it in the end.
 * `asks` is the request that hangs: before the outside world acts, or after it acted and before its answer arrives.
 */

const PLACED = ['reserve inventory', 'charge card', 'send confirmation', 'ship parcel']

export const plan = [
  { orderId: 'A-1001', about: 'finished before the kill', stall: undefined, effects: PLACED, outcome: 'completed' },
  {
    orderId: 'A-1002',
    about: 'killed in one of two parallel steps',
    stall: { effect: 'charge card', when: 'before' },
    effects: PLACED,
    outcome: 'completed',
  },
  {
    orderId: 'A-1003',
    about: 'killed when the card was charged, but the answer had not arrived',
    stall: { effect: 'charge card', when: 'after' },
    effects: PLACED,
    outcome: 'completed',
  },
  {
    orderId: 'A-1004',
    about: 'killed in its last step',
    stall: { effect: 'ship parcel', when: 'before' },
    effects: PLACED,
    outcome: 'completed',
  },
  {
    orderId: 'A-1005',
    about: 'refused by the carrier, killed while it was being undone',
    stall: { effect: 'send apology', when: 'before' },
    effects: ['reserve inventory', 'charge card', 'send confirmation', 'refund card', 'send apology', 'release inventory'],
    outcome: 'failed',
  },
  {
    orderId: 'A-1006',
    about: 'killed in its first step',
    stall: { effect: 'reserve inventory', when: 'before' },
    effects: PLACED,
    outcome: 'completed',
  },
]

/** What undoes what, in the outside world's words. */
export const undoOf = { 'refund card': 'charge card', 'send apology': 'send confirmation', 'release inventory': 'reserve inventory' }
