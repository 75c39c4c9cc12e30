import assert from 'node:assert/strict'
import type { JournalEntry, Payload } from '../../contracts/journal-entry.ts'
import type { Cases } from '../journal-store-conformance.ts'
import { everyKindOfEntry } from './every-kind-of-entry.ts'
import { LEASE_MS, collect, order, rejects } from './scenario.ts'

/** Starting instances, appending to them, reading them back. */
export const appending: Cases = {
  async 'a started instance begins with its input and is owned by its starter'(s) {
    const session = await s.join()
    const outcome = await session.start({ ...s.request('a', 'input'), shape: 'shape-1' })
    assert.ok(outcome.created && outcome.journal !== undefined)
    assert.deepEqual(outcome.journal.ref, order('a'))
    assert.deepEqual(await outcome.journal.load(), [{ kind: 'started', at: s.clock.now(), run: 1, input: 'input', shape: 'shape-1' }])
    const summary = await s.store.get(order('a'))
    assert.deepEqual(summary, {
      ...order('a'),
      status: 'running',
      run: 1,
      epoch: outcome.journal.epoch,
      entries: 1,
      createdAt: s.clock.now(),
      updatedAt: s.clock.now(),
      owner: 'w1',
    })
  },

  async 'starting an id again changes nothing and answers what is there'(s) {
    const session = await s.join()
    const journal = await s.owned(session, 'a', 'first')
    await journal.append(1, s.step(0))
    for (const again of [await session.start(s.request('a', 'second')), await s.store.start(s.request('a', 'third'))]) {
      assert.ok(!again.created)
      assert.equal(again.input, 'first')
      assert.equal(again.summary.entries, 2)
      assert.equal(again.summary.status, 'running')
    }
    await journal.append(2, s.completed(), 'completed')
    const finished = await session.start(s.request('a', 'first'))
    assert.ok(!finished.created)
    assert.equal(finished.summary.status, 'completed')
    assert.equal((await s.entries(order('a'))).length, 3)
  },

  async 'concurrent starts of one id create it once'(s) {
    const [one, two] = [await s.join('w1'), await s.join('w2', await s.other())]
    const outcomes = await Promise.all([one, two, one, two].map(async (session, i) => session.start(s.request('a', i))))
    assert.equal(outcomes.filter(({ created }) => created).length, 1)
    const inputs = new Set(outcomes.flatMap((outcome) => (outcome.created ? [] : [outcome.input])))
    assert.equal(inputs.size, 1)
  },

  async 'a client starts an instance without owning it'(s) {
    const outcome = await s.store.start(s.request('a', 'input'))
    assert.ok(outcome.created && outcome.journal === undefined)
    const summary = await s.store.get(order('a'))
    assert.equal(summary?.owner, undefined)
    const claimed = await s.claimOne(await s.join())
    assert.deepEqual(claimed.journal.ref, order('a'))
    assert.deepEqual(await claimed.journal.load(), [{ kind: 'started', at: s.clock.now(), run: 1, input: 'input' }])
  },

  async 'every kind of entry comes back as it was'(s) {
    const journal = await s.owned(await s.join(), 'a')
    const entries = everyKindOfEntry(s.clock.now())
    await journal.append(1, entries)
    assert.deepEqual((await journal.load()).slice(1), entries)
    assert.deepEqual((await s.entries(order('a'))).slice(1), entries)
  },

  async 'payloads of every kind come back as they were'(s) {
    const journal = await s.owned(await s.join(), 'a')
    const payloads: Payload[] = [
      undefined,
      null,
      true,
      0,
      -0,
      NaN,
      Infinity,
      2 ** 53,
      0.1,
      '',
      'x',
      '\0',
      '\ud800\ud800',
      '😀',
      5n,
      -(2n ** 300n),
      new Uint8Array(0),
      new Uint8Array([0, 255]),
    ]
    await journal.append(
      1,
      payloads.map((payload, n) => s.step(n, payload)),
    )
    const results = (await journal.load()).slice(1).map((entry) => (entry.kind === 'step-completed' ? entry.result : assert.fail()))
    assert.equal(results.length, payloads.length)
    results.forEach((result, i) => assert.deepEqual(result, payloads[i]))
  },

  async 'an append may hold one entry or several, and a megabyte'(s) {
    const journal = await s.owned(await s.join(), 'a')
    const large = new Uint8Array(1024 * 1024).fill(7)
    const text = 'é'.repeat(512 * 1024)
    await journal.append(1, s.step(0))
    await journal.append(2, [s.step(1, large), s.step(2, text)])
    await journal.append(4, s.step(3))
    const entries = await journal.load()
    assert.deepEqual(entries.slice(1), [s.step(0), s.step(1, large), s.step(2, text), s.step(3)])
    assert.equal((await s.store.get(order('a')))?.entries, 5)
  },

  async 'bytes belong to whoever holds them'(s) {
    const session = await s.join()
    const journal = await s.owned(session, 'a', new Uint8Array([1]))
    await journal.append(1, s.step(0, new Uint8Array([2])))
    for (const entry of [...(await journal.load()), ...(await s.entries(order('a')))]) {
      if (entry.kind === 'started' && entry.input instanceof Uint8Array) entry.input.fill(9)
      if (entry.kind === 'step-completed' && entry.result instanceof Uint8Array) entry.result.fill(9)
    }
    const [started, step] = await journal.load()
    assert.deepEqual(started, { kind: 'started', at: s.clock.now(), run: 1, input: new Uint8Array([1]) })
    assert.deepEqual(step, s.step(0, new Uint8Array([2])))
  },

  async 'a thousand appends without waiting are acknowledged in order'(s) {
    const journal = await s.owned(await s.join(), 'a')
    const acknowledged: number[] = []
    await Promise.all(
      Array.from({ length: 1000 }, async (_, n) => {
        await journal.append(n + 1, s.step(n))
        acknowledged.push(n)
      }),
    )
    assert.deepEqual(
      acknowledged,
      Array.from({ length: 1000 }, (_, n) => n),
    )
    assert.deepEqual(
      (await journal.load()).slice(1),
      Array.from({ length: 1000 }, (_, n) => s.step(n)),
    )
  },

  async 'many instances grow at once'(s) {
    const session = await s.join()
    await Promise.all(
      Array.from({ length: 300 }, async (_, i) => {
        const journal = await s.owned(session, `a${i}`, i)
        for (let n = 0; n < 5; n++) await journal.append(n + 1, s.step(n, i * 10 + n))
        await journal.append(6, s.completed(i), 'completed')
      }),
    )
    const summaries = await collect(s.store.list())
    assert.equal(summaries.length, 300)
    assert.ok(summaries.every(({ status, entries }) => status === 'completed' && entries === 7))
    const entries = await s.entries(order('a77'))
    assert.deepEqual(entries.slice(1), [...Array.from({ length: 5 }, (_, n) => s.step(n, 770 + n)), s.completed(77)])
  },

  async 'an append made again after a lost acknowledgement succeeds and writes nothing'(s) {
    const journal = await s.owned(await s.join(), 'a')
    const entries = [s.step(0), s.step(1)]
    await journal.append(1, entries)
    await journal.append(1, entries)
    await journal.append(3, s.step(2))
    await journal.append(1, entries)
    await journal.append(3, s.step(2))
    assert.deepEqual((await journal.load()).slice(1), [...entries, s.step(2)])
    await journal.append(4, s.completed(), 'completed')
    await journal.append(4, s.completed(), 'completed')
    assert.equal((await s.entries(order('a'))).length, 5)
  },

  async 'an append that leaves a gap is refused and writes nothing'(s) {
    const journal = await s.owned(await s.join(), 'a')
    await rejects(() => journal.append(2, s.step(0)), 'out-of-sequence')
    await journal.append(1, s.step(0))
    assert.equal((await journal.load()).length, 2)
  },

  async 'a finished status gives up ownership and accepts nothing more'(s) {
    const session = await s.join()
    for (const status of ['completed', 'failed', 'cancelled'] as const) {
      const journal = await s.owned(session, status)
      await journal.append(1, s.completed(), status)
      const summary = await s.store.get(order(status))
      assert.deepEqual([summary?.status, summary?.owner, summary?.entries], [status, undefined, 2])
      await rejects(() => journal.append(2, s.step(0)), 'fenced')
    }
    s.clock.advance(LEASE_MS * 2)
    await s.claimNothing(await s.join('w2'))
  },

  async 'an append sets the status only when told to'(s) {
    const journal = await s.owned(await s.join(), 'a')
    const error = { name: 'Error', message: 'no' }
    const failed: JournalEntry = { kind: 'compensation-started', at: s.clock.now(), outcome: 'failed', error }
    await journal.append(1, failed, 'compensating')
    await journal.append(2, s.step(0))
    assert.equal((await s.store.get(order('a')))?.status, 'compensating')
    await journal.append(3, { kind: 'stuck', at: s.clock.now(), error }, 'stuck')
    assert.equal((await s.store.get(order('a')))?.status, 'stuck')
    assert.equal((await s.store.get(order('a')))?.owner, 'w1')
    await journal.append(4, s.step(1), 'running')
    assert.equal((await s.store.get(order('a')))?.status, 'running')
  },

  async 'updatedAt is the time of the last entry'(s) {
    const journal = await s.owned(await s.join(), 'a')
    const createdAt = s.clock.now()
    s.clock.advance(500)
    await journal.append(1, s.step(0))
    const summary = await s.store.get(order('a'))
    assert.deepEqual([summary?.createdAt, summary?.updatedAt], [createdAt, createdAt + 500])
  },

  async 'continuing as new replaces the journal in one write'(s) {
    const journal = await s.owned(await s.join(), 'a')
    await journal.append(1, s.step(0))
    const last: JournalEntry = { kind: 'continued-as-new', at: s.clock.now(), input: 'next' }
    const first: JournalEntry = { kind: 'started', at: s.clock.now(), run: 2, input: 'next' }
    await journal.continueAsNew(2, last, first, [s.step(7)])
    assert.deepEqual(await journal.load(), [first, s.step(7)])
    assert.deepEqual([(await s.store.get(order('a')))?.run, (await s.store.get(order('a')))?.entries], [2, 2])
    await journal.continueAsNew(2, last, first, [s.step(7)])
    await journal.append(2, s.step(8))
    assert.deepEqual(await s.entries(order('a')), [first, s.step(7), s.step(8)])
    assert.deepEqual((await s.entries(order('a'), 1)).slice(1), [s.step(0), last])
    const again = await s.store.start(s.request('a'))
    assert.ok(!again.created)
    assert.equal(again.input, 'next')
  },

  async 'a run or an instance that is not there has no entries'(s) {
    await s.owned(await s.join(), 'a')
    assert.deepEqual(await s.entries(order('a'), 9), [])
    assert.deepEqual(await s.entries(order('b')), [])
    assert.equal(await s.store.get(order('b')), undefined)
  },
}
