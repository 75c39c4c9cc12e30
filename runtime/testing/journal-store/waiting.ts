import assert from 'node:assert/strict'
import type { Cases } from '../journal-store-conformance.ts'
import { LEASE_MS, eventually, ids, order, rejects, signal } from './scenario.ts'

/** Inbox, parking, wake-ups and notifications. */
export const waiting: Cases = {
  async 'messages wait in order until the journal takes them'(s) {
    const journal = await s.owned(await s.join(), 'a')
    const messages = [
      signal('m1', new Uint8Array([1])),
      { kind: 'cancel', id: 'm2', reason: 'why' },
      { kind: 'resume', id: 'm3' },
      signal('\ud800', undefined),
    ] as const
    for (const message of messages) assert.equal(await s.store.deliver(order('a'), message), 'delivered')
    const inbox = await journal.inbox()
    assert.deepEqual(
      inbox.map(({ message }) => message),
      messages,
    )
    await journal.append(1, s.received(inbox[1]?.position ?? ''))
    assert.deepEqual(
      (await journal.inbox()).map(({ message }) => message.id),
      ['m3', '\ud800'],
    )
    await journal.append(2, [s.received(inbox[3]?.position ?? ''), s.received(inbox[2]?.position ?? '')])
    assert.deepEqual(await journal.inbox(), [])
  },

  async 'delivering a message twice changes nothing, even after it was taken'(s) {
    const journal = await s.owned(await s.join(), 'a')
    await s.store.deliver(order('a'), signal('m1'))
    assert.equal(await s.store.deliver(order('a'), signal('m1')), 'delivered')
    const inbox = await journal.inbox()
    assert.equal(inbox.length, 1)
    await journal.append(1, s.received(inbox[0]?.position ?? ''))
    assert.equal(await s.store.deliver(order('a'), signal('m1')), 'delivered')
    assert.deepEqual(await journal.inbox(), [])
    await s.store.start(s.request('b'))
    assert.equal(await s.store.deliver(order('b'), signal('m1')), 'delivered')
  },

  async 'messages to nobody are refused'(s) {
    await s.finish(await s.join(), 'a')
    assert.equal(await s.store.deliver(order('a'), signal('m1')), 'finished')
    assert.equal(await s.store.deliver(order('nobody'), signal('m1')), 'not found')
  },

  async 'a parked instance wakes at its time and not before'(s) {
    const [one, two] = [await s.join('w1'), await s.join('w2')]
    const journal = await s.owned(one, 'a')
    const wakeAt = s.clock.now() + 5000
    assert.equal(await journal.park(wakeAt), 'parked')
    assert.equal(await journal.park(wakeAt), 'parked')
    const summary = await s.store.get(order('a'))
    assert.deepEqual([summary?.status, summary?.owner, summary?.wakeAt], ['parked', undefined, wakeAt])
    await rejects(() => journal.append(1, s.step(0)), 'fenced')
    s.clock.advance(4999)
    await s.claimNothing(two)
    s.clock.advance(1)
    const claimed = await s.claimOne(two)
    assert.deepEqual([claimed.summary.status, claimed.summary.wakeAt], ['running', undefined])
    assert.ok(claimed.journal.epoch > journal.epoch)
  },

  async 'a worker learns when the next of its processes wakes'(s) {
    const [one, two] = [await s.join('w1'), await s.join('w2', await s.other())]
    assert.equal(await two.nextWakeAt(['order', 'invoice']), undefined)
    const now = s.clock.now()
    const parked = await Promise.all(
      [5000, 2000, 9000, undefined].map(async (after, i) => {
        const journal = await s.owned(one, `a${i}`)
        await journal.park(after === undefined ? undefined : now + after)
      }),
    )
    assert.equal(parked.length, 4)
    const other = await one.start({ process: 'invoice', id: 'x', input: null, at: now })
    assert.ok(other.created && other.journal !== undefined)
    await other.journal.park(now + 1000)
    await s.owned(one, 'running')
    assert.equal(await two.nextWakeAt(['order']), now + 2000)
    assert.equal(await two.nextWakeAt(['invoice', 'order']), now + 1000)
    assert.equal(await two.nextWakeAt(['nothing']), undefined)
    assert.equal(await two.nextWakeAt([]), undefined)
    s.clock.advance(2000)
    assert.deepEqual(ids(await two.claim({ processes: ['order'], limit: 9 })), ['a1'])
    assert.equal(await two.nextWakeAt(['order']), now + 5000)
    await s.store.deliver(order('a0'), signal('m1'))
    assert.deepEqual(ids(await two.claim({ processes: ['order'], limit: 9 })), ['a0'])
    assert.equal(await two.nextWakeAt(['order']), now + 9000)
  },

  async 'an instance that was parked anew wakes at its new time'(s) {
    const [one, two] = [await s.join('w1'), await s.join('w2')]
    const journal = await s.owned(one, 'a')
    const now = s.clock.now()
    await journal.park(now + 1000)
    await s.store.deliver(order('a'), signal('m1'))
    const claimed = await s.claimOne(two)
    const [message] = await claimed.journal.inbox()
    await claimed.journal.append(1, s.received(message?.position ?? ''))
    assert.equal(await claimed.journal.park(now + 7000), 'parked')
    assert.equal(await one.nextWakeAt(['order']), now + 7000)
    s.clock.advance(6999)
    await one.renew()
    await s.claimNothing(one)
    s.clock.advance(1)
    assert.deepEqual(ids(await one.claim({ processes: ['order'], limit: 9 })), ['a'])
    assert.equal(await one.nextWakeAt(['order']), undefined)
  },

  async 'an instance parked until a message sleeps through everything else'(s) {
    const [one, two] = [await s.join('w1'), await s.join('w2')]
    const journal = await s.owned(one, 'a')
    await journal.park(undefined)
    assert.equal((await s.store.get(order('a')))?.wakeAt, undefined)
    s.clock.advance(LEASE_MS * 1000)
    await two.renew().catch(() => undefined)
    const three = await s.join('w3')
    await s.claimNothing(three)
    await s.store.deliver(order('a'), signal('m1'))
    const claimed = await s.claimOne(three)
    assert.deepEqual(
      (await claimed.journal.inbox()).map(({ message }) => message.id),
      ['m1'],
    )
  },

  async 'parking is refused while the inbox holds a message'(s) {
    const [one, two] = [await s.join('w1'), await s.join('w2')]
    const journal = await s.owned(one, 'a')
    await s.store.deliver(order('a'), signal('m1'))
    assert.equal(await journal.park(undefined), 'inbox moved')
    await s.claimNothing(two)
    const [message] = await journal.inbox()
    await journal.append(1, s.received(message?.position ?? ''))
    assert.equal(await journal.park(undefined), 'parked')
  },

  async 'no wake is lost when parking and delivering race'(s) {
    const [one, two] = [await s.join('w1'), await s.join('w2')]
    const other = await s.other()
    for (let i = 0; i < 20; i++) {
      const journal = await s.owned(one, `a${i}`)
      const operations = [() => journal.park(undefined), () => (i % 4 < 2 ? s.store : other).deliver(order(`a${i}`), signal('m'))]
      const outcomes = await Promise.all((i % 2 === 0 ? operations : operations.reverse()).map((operation) => operation()))
      const claimed = ids(await two.claim({ processes: ['order'], limit: 9 }))
      assert.deepEqual(claimed, outcomes.includes('parked') ? [`a${i}`] : [])
    }
  },

  async 'an instance parked while compensating is compensating again when claimed'(s) {
    const [one, two] = [await s.join('w1'), await s.join('w2')]
    const journal = await s.owned(one, 'a')
    await journal.append(
      1,
      { kind: 'compensation-started', at: s.clock.now(), outcome: 'failed', error: { name: 'Error', message: '' } },
      'compensating',
    )
    await journal.park(s.clock.now())
    assert.equal((await s.claimOne(two)).summary.status, 'compensating')
  },

  async 'a message for a running instance tells its owner'(s) {
    const journal = await s.owned(await s.join(), 'a')
    let told = 0
    const stop = journal.onDelivery(() => told++)
    await s.store.deliver(order('a'), signal('m1'))
    await eventually(() => told > 0, 'the owner is told of a message')
    const before = told
    await (await s.other()).deliver(order('a'), signal('m2'))
    await eventually(() => told > before, 'the owner is told of a message from elsewhere')
    stop()
    const stopped = told
    await s.store.deliver(order('a'), signal('m3'))
    await new Promise((resolve) => setTimeout(resolve, 20))
    assert.equal(told, stopped)
  },

  async 'whoever waits for the end is told once'(s) {
    const session = await s.join()
    const journal = await s.owned(session, 'a')
    const other = await s.other()
    const told: string[] = []
    s.store.onSettled(order('a'), () => told.push('here'))
    other.onSettled(order('a'), () => told.push('there'))
    s.store.onSettled(order('a'), () => told.push('stopped'))()
    await journal.append(1, s.step(0))
    await journal.append(2, s.completed(), 'completed')
    await eventually(() => told.length >= 2, 'both are told')
    s.store.onSettled(order('a'), () => told.push('late'))
    await eventually(() => told.includes('late'), 'who asks late is told too')
    assert.deepEqual(told.slice(0, 2).sort(), ['here', 'there'])
    assert.equal(told.length, 3)
  },

  async 'a stuck instance counts as settled, and one that does not exist yet can be waited for'(s) {
    const session = await s.join()
    let told = 0
    s.store.onSettled(order('a'), () => told++)
    const journal = await s.owned(session, 'a')
    await journal.append(1, { kind: 'stuck', at: s.clock.now(), error: { name: 'Error', message: '' } }, 'stuck')
    await eventually(() => told === 1, 'told when it is stuck')
  },

  async 'continuing as new takes the messages its entries name and keeps the others'(s) {
    const journal = await s.owned(await s.join(), 'a')
    for (const id of ['m1', 'm2', 'm3']) await s.store.deliver(order('a'), signal(id))
    const inbox = await journal.inbox()
    const last = { kind: 'continued-as-new', at: s.clock.now(), input: 1 } as const
    const first = { kind: 'started', at: s.clock.now(), run: 2, input: 1 } as const
    await journal.continueAsNew(1, last, first, [s.received(inbox[0]?.position ?? '')])
    assert.deepEqual(
      (await journal.inbox()).map(({ message }) => message.id),
      ['m2', 'm3'],
    )
    assert.equal(await s.store.deliver(order('a'), signal('m1')), 'delivered')
    assert.equal((await journal.inbox()).length, 2)
    assert.equal(await journal.park(undefined), 'inbox moved')
  },
}
