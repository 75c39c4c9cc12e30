import assert from 'node:assert/strict'
import type { Cases } from '../journal-store-conformance.ts'
import { LEASE_MS, ids, order, rejects, signal } from './scenario.ts'

/** Leases, claims and fencing. */
export const owning: Cases = {
  async 'an instance with a living owner cannot be claimed'(s) {
    const [one, two] = [await s.join('w1'), await s.join('w2', await s.other())]
    const journal = await s.owned(one, 'a')
    s.clock.advance(LEASE_MS - 1)
    await s.claimNothing(two)
    await one.renew()
    s.clock.advance(LEASE_MS - 1)
    await s.claimNothing(two)
    await journal.append(1, s.step(0))
  },

  async 'after the lease ran out another worker takes over and the first can write nothing'(s) {
    const [one, two] = [await s.join('w1'), await s.join('w2', await s.other())]
    const journal = await s.owned(one, 'a')
    const unfinished = await s.owned(one, 'b')
    const written = s.step(0)
    await journal.append(1, written)
    s.clock.advance(LEASE_MS)
    await two.renew()
    const claimed = await s.claimOne(two)
    assert.deepEqual(claimed.journal.ref, order('a'))
    assert.ok(claimed.journal.epoch > journal.epoch, 'a takeover raises the epoch')
    assert.equal(claimed.summary.owner, 'w2')
    assert.equal(claimed.summary.epoch, claimed.journal.epoch)
    assert.deepEqual((await claimed.journal.load()).slice(1), [written])
    await rejects(() => journal.append(2, s.step(1)), 'fenced')
    await rejects(() => journal.append(1, s.step(0)), 'fenced')
    await rejects(() => unfinished.append(1, s.step(0)), 'fenced')
    await rejects(() => journal.park(undefined), 'fenced')
    await rejects(() => journal.release(), 'fenced')
    await rejects(() => journal.continueAsNew(2, s.completed(), s.step(0), []), 'fenced')
    await rejects(() => one.renew(), 'fenced')
    await rejects(() => one.claim({ processes: ['order'], limit: 1 }), 'fenced')
    await rejects(() => one.start(s.request('c')), 'fenced')
    assert.equal(one.fenced.aborted, true)
    assert.equal(two.fenced.aborted, false)
    await claimed.journal.append(2, s.step(2))
    assert.deepEqual((await claimed.journal.load()).slice(1), [written, s.step(2)])
    assert.equal(await s.store.get(order('c')), undefined)
  },

  async 'a worker fenced while it has nothing in hand learns it at its next write'(s) {
    const [one, two] = [await s.join('w1'), await s.join('w2', await s.other())]
    const held = await s.owned(one, 'a')
    s.clock.advance(LEASE_MS)
    await two.renew()
    await two.claim({ processes: [], limit: 1 })
    await rejects(() => held.append(1, s.step(0)), 'fenced')
    assert.equal(one.fenced.aborted, true)
    assert.deepEqual(ids(await two.claim({ processes: ['order'], limit: 9 })), ['a'])
  },

  async 'a worker may come back under its name, as another session'(s) {
    const one = await s.join('w1')
    await s.owned(one, 'a')
    const again = await s.join('w1', await s.other())
    await s.claimNothing(again)
    s.clock.advance(LEASE_MS)
    await again.renew()
    assert.deepEqual(ids(await again.claim({ processes: ['order'], limit: 9 })), ['a'])
    await rejects(() => one.renew(), 'fenced')
  },

  async 'leaving frees everything at once'(s) {
    const [one, two] = [await s.join('w1'), await s.join('w2')]
    const journal = await s.owned(one, 'a')
    await journal.append(1, s.step(0))
    await one[Symbol.asyncDispose]()
    await one[Symbol.asyncDispose]()
    assert.equal(one.fenced.aborted, true)
    await rejects(() => journal.append(2, s.step(1)), 'fenced')
    const claimed = await s.claimOne(two)
    assert.deepEqual((await claimed.journal.load()).slice(1), [s.step(0)])
  },

  async 'releasing frees one instance at once'(s) {
    const [one, two] = [await s.join('w1'), await s.join('w2')]
    const [journal, kept] = [await s.owned(one, 'a'), await s.owned(one, 'b')]
    await journal.release()
    await journal.release()
    assert.equal((await s.store.get(order('a')))?.owner, undefined)
    await rejects(() => journal.append(1, s.step(0)), 'fenced')
    assert.deepEqual(ids(await two.claim({ processes: ['order'], limit: 9 })), ['a'])
    await kept.append(1, s.step(0))
  },

  async 'claims take the oldest first, at most the limit, only of the processes asked for'(s) {
    for (const id of ['c', 'a', 'b', 'd']) await s.store.start(s.request(id))
    await s.store.start({ process: 'invoice', id: 'x', input: null, at: s.clock.now() })
    const session = await s.join()
    assert.deepEqual(ids(await session.claim({ processes: ['order'], limit: 2 })), ['c', 'a'])
    assert.deepEqual(ids(await session.claim({ processes: ['nothing'], limit: 2 })), [])
    assert.deepEqual(ids(await session.claim({ processes: [], limit: 2 })), [])
    assert.deepEqual(ids(await session.claim({ processes: ['invoice', 'order'], limit: 0 })), [])
    assert.deepEqual(ids(await session.claim({ processes: ['invoice', 'order'], limit: 9 })), ['b', 'd', 'x'])
  },

  async 'concurrent claims give each instance to one worker'(s) {
    for (let i = 0; i < 40; i++) await s.store.start(s.request(`a${i}`))
    const sessions = [await s.join('w1'), await s.join('w2', await s.other()), await s.join('w3')]
    const claims = await Promise.all(sessions.flatMap((session) => [1, 2].map(() => session.claim({ processes: ['order'], limit: 10 }))))
    const claimed = claims.flatMap(ids)
    assert.equal(new Set(claimed).size, claimed.length)
    assert.equal(claimed.length, 40)
  },

  async 'takeovers count claims since the journal last grew'(s) {
    await s.owned(await s.join('w0'), 'a')
    for (let takeover = 1; takeover <= 3; takeover++) {
      s.clock.advance(LEASE_MS)
      assert.equal((await s.claimOne(await s.join(`w${takeover}`))).takeovers, takeover)
    }
    s.clock.advance(LEASE_MS)
    const last = await s.claimOne(await s.join('w4'))
    assert.equal(last.takeovers, 4)
    await last.journal.append(1, s.step(0))
    s.clock.advance(LEASE_MS)
    assert.equal((await s.claimOne(await s.join('w5'))).takeovers, 1)
  },

  async 'a graceful release starts the count of takeovers anew'(s) {
    await s.store.start(s.request('a'))
    for (let i = 0; i < 3; i++) {
      const session = await s.join(`w${i}`)
      const claimed = await s.claimOne(session)
      assert.equal(claimed.takeovers, 1)
      await claimed.journal.release()
      await session[Symbol.asyncDispose]()
    }
  },

  async 'a stuck instance is claimed only after a resume or a cancel'(s) {
    const [one, two] = [await s.join('w1'), await s.join('w2')]
    const error = { name: 'Error', message: 'no' }
    const journal = await s.owned(one, 'a')
    await journal.append(1, { kind: 'stuck', at: s.clock.now(), error }, 'stuck')
    await journal.release()
    await s.claimNothing(two)
    assert.equal(await s.store.deliver(order('a'), signal('m1')), 'delivered')
    await s.claimNothing(two)
    assert.equal(await s.store.deliver(order('a'), { kind: 'resume', id: 'm2' }), 'delivered')
    const claimed = await s.claimOne(two)
    assert.equal(claimed.summary.status, 'stuck')
    assert.deepEqual(
      (await claimed.journal.inbox()).map(({ message }) => message.id),
      ['m1', 'm2'],
    )
  },

  async 'a resume that arrives before a stuck instance is released is not lost'(s) {
    const [one, two] = [await s.join('w1'), await s.join('w2')]
    const journal = await s.owned(one, 'a')
    await journal.append(1, { kind: 'stuck', at: s.clock.now(), error: { name: 'Error', message: 'no' } }, 'stuck')
    await s.store.deliver(order('a'), { kind: 'cancel', id: 'm1', reason: 'operator' })
    await journal.release()
    assert.deepEqual(ids(await two.claim({ processes: ['order'], limit: 9 })), ['a'])
  },

  async 'a lease needs a positive length'(s) {
    for (const leaseMs of [0, -1, NaN, Infinity]) await rejects(() => s.store.join({ worker: 'w', leaseMs }), 'invalid-option')
  },
}
