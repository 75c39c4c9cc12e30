import assert from 'node:assert/strict'
import { MAX_ID_LENGTH } from '../../contracts/journal-store.ts'
import type { Cases } from '../journal-store-conformance.ts'
import { collect, order, rejects, signal } from './scenario.ts'

const ODD_IDS = [
  '',
  ' ',
  '\0',
  '\0\0',
  'a\0b',
  '\ud800',
  '\udfff',
  '\ud800\ud800',
  '😀',
  'é',
  'e\u0301',
  '日本',
  '__proto__',
  'constructor',
  "'; drop table instance; --",
  '\n',
  '\ufeff',
  '\uffff',
  'x'.repeat(MAX_ID_LENGTH),
]

/** Lists, deletion, retention, shapes, identifiers. */
export const keeping: Cases = {
  async 'any string is an id, and ids that look alike are different'(s) {
    const session = await s.join()
    for (const id of ODD_IDS) {
      await s.owned(session, id, `input of ${id}`)
      await session.start({ process: id, id: 'same', input: id, at: s.clock.now() })
    }
    for (const id of ODD_IDS) {
      const [entry] = await s.entries(order(id))
      assert.equal(entry?.kind === 'started' && entry.input, `input of ${id}`)
      assert.equal((await s.store.get({ process: id, id: 'same' }))?.process, id)
    }
    assert.deepEqual(
      (await collect(s.store.list({ process: 'order' }))).map(({ id }) => id),
      ODD_IDS,
    )
  },

  async 'names and ids that are too long are refused'(s) {
    const session = await s.join()
    for (const long of ['x'.repeat(MAX_ID_LENGTH + 1), 'y'.repeat(1_000_000)]) {
      await rejects(() => session.start(s.request(long)), 'invalid-id')
      await rejects(() => s.store.start(s.request(long)), 'invalid-id')
      await rejects(() => s.store.start({ process: long, id: 'a', input: null, at: 0 }), 'invalid-id')
      assert.equal(await s.store.get(order(long)), undefined)
      assert.equal(await s.store.deliver(order(long), signal('m')), 'not found')
      assert.equal(await s.store.delete(order(long)), 'not found')
    }
    assert.deepEqual(await collect(s.store.list()), [])
  },

  async 'lists go from the oldest on, filtered, limited, from any place on'(s) {
    const session = await s.join()
    for (const id of ['c', 'a', 'b']) await s.owned(session, id)
    await s.finish(session, 'd')
    await session.start({ process: 'invoice', id: 'a', input: null, at: s.clock.now() })
    const listed = async (options: Parameters<typeof s.store.list>[0]) =>
      (await collect(s.store.list(options))).map(({ process, id }) => `${process} ${id}`)
    assert.deepEqual(await listed({}), ['order c', 'order a', 'order b', 'order d', 'invoice a'])
    assert.deepEqual(await listed({ process: 'order', limit: 2 }), ['order c', 'order a'])
    assert.deepEqual(await listed({ status: 'completed' }), ['order d'])
    assert.deepEqual(await listed({ process: 'invoice', status: 'completed' }), [])
    assert.deepEqual(await listed({ after: order('a') }), ['order b', 'order d', 'invoice a'])
    assert.deepEqual(await listed({ after: order('a'), process: 'order', limit: 1 }), ['order b'])
    assert.deepEqual(await listed({ process: 'none' }), [])
    assert.deepEqual(await listed({ limit: 0 }), [])
    await rejects(() => listed({ after: order('gone') }), 'process-not-found')
  },

  async 'long lists come whole'(s) {
    for (let i = 0; i < 1000; i++) void s.store.start(s.request(`a${i}`))
    await s.store.start(s.request('last'))
    const listed = await collect(s.store.list())
    assert.equal(listed.length, 1001)
    assert.equal(new Set(listed.map(({ id }) => id)).size, 1001)
  },

  async 'only finished instances can be deleted, and nothing of them is left'(s) {
    const session = await s.join()
    const journal = await s.owned(session, 'a', 'first life')
    await s.store.deliver(order('a'), signal('m1'))
    assert.equal(await s.store.delete(order('a')), 'not finished')
    await journal.append(1, s.completed(), 'completed')
    assert.equal(await s.store.delete(order('a')), 'deleted')
    assert.equal(await s.store.delete(order('a')), 'not found')
    assert.equal(await s.store.get(order('a')), undefined)
    assert.deepEqual(await s.entries(order('a')), [])
    const again = await s.owned(session, 'a', 'second life')
    assert.deepEqual(await again.load(), [{ kind: 'started', at: s.clock.now(), run: 1, input: 'second life' }])
    assert.deepEqual(await again.inbox(), [])
    assert.equal(await s.store.deliver(order('a'), signal('m1')), 'delivered')
    assert.equal((await again.inbox()).length, 1)
  },

  async 'an old owner cannot write into a new life of a deleted id'(s) {
    const session = await s.join()
    const old = await s.finish(session, 'a')
    await s.store.delete(order('a'))
    const young = await s.owned(session, 'a')
    await rejects(() => old.append(2, s.step(0)), 'fenced')
    await young.append(1, s.step(1))
    assert.deepEqual((await young.load()).slice(1), [s.step(1)])
  },

  async 'pruning removes what finished before a time, as much as asked for'(s) {
    const session = await s.join()
    for (const id of ['a', 'b', 'c']) await s.finish(session, id)
    const failed = await s.owned(session, 'f')
    await failed.append(1, { kind: 'failed', at: s.clock.now(), outcome: 'failed', error: { name: 'Error', message: '' } }, 'failed')
    await s.owned(session, 'running')
    s.clock.advance(1000)
    await session.renew()
    const before = s.clock.now()
    await s.finish(session, 'young')
    assert.equal(await s.store.prune({ status: 'completed', before, limit: 2 }), 2)
    assert.equal(await s.store.prune({ status: 'completed', before, limit: 2 }), 1)
    assert.equal(await s.store.prune({ status: 'completed', before, limit: 2 }), 0)
    assert.deepEqual(
      (await collect(s.store.list())).map(({ id }) => id),
      ['f', 'running', 'young'],
    )
    assert.equal(await s.store.prune({ status: 'failed', before, limit: 9 }), 1)
  },

  async 'shapes are kept by hash, the first description for good'(s) {
    assert.equal(await s.store.loadShape('h1'), undefined)
    await s.store.saveShape('h1', 'one \ud800')
    await s.store.saveShape('h1', 'another')
    await s.store.saveShape('h2', 'two')
    assert.equal(await s.store.loadShape('h1'), 'one \ud800')
    assert.equal(await (await s.other()).loadShape('h2'), 'two')
  },

  async 'a store has a name'(s) {
    assert.ok(s.store.name.length > 0)
  },
}
