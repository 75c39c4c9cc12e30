import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import type { JournalEntry } from '../contracts/journal-entry.ts'
import type { InstanceJournal } from '../contracts/journal-store.ts'
import { sqliteJournal } from './sqlite-journal-store.ts'
import { temporaryFolder } from './temporary-folder.test-support.ts'

const newFile = temporaryFolder()
const step = (n: number, result: string | Uint8Array = 'x'): JournalEntry => ({
  kind: 'step-completed',
  at: 1,
  scope: '',
  site: 'charge',
  n,
  method: 'charge',
  args: [],
  result,
  attempt: 1,
})

async function ownedBy(store: ReturnType<typeof sqliteJournal>, worker: string, ids: readonly string[]): Promise<InstanceJournal[]> {
  const session = await store.join({ worker, leaseMs: 60_000 })
  return Promise.all(
    ids.map(async (id) => {
      const outcome = await session.start({ process: 'order', id, input: null, at: 1 })
      return outcome.created && outcome.journal !== undefined ? outcome.journal : expect.fail('it should be new')
    }),
  )
}

test('more records than fit into one batch, of several sessions, with requests between them', async () => {
  await using store = sqliteJournal(newFile())
  const journals = [...(await ownedBy(store, 'w1', ['a', 'b'])), ...(await ownedBy(store, 'w2', ['c']))]
  const appends: unknown[] = []
  const counts: Promise<number | undefined>[] = []
  for (let n = 0; n < 5000; n++) {
    for (const journal of journals) appends.push(journal.append(n + 1, step(n)))
    if (n % 1000 === 999) counts.push(store.get({ process: 'order', id: 'a' }).then((summary) => summary?.entries))
  }
  await Promise.all(appends)
  expect((await Promise.all(counts)).every((count) => count !== undefined && count >= 1001)).toBe(true)
  for (const journal of journals) {
    const entries = await journal.load()
    expect(entries.slice(1).map((entry) => entry.kind === 'step-completed' && entry.n)).toEqual(Array.from({ length: 5000 }, (_, n) => n))
  }
})

test('more bytes than fit into one batch', async () => {
  await using store = sqliteJournal(newFile())
  const [journal = expect.fail('no journal')] = await ownedBy(store, 'w', ['a'])
  await Promise.all(Array.from({ length: 12 }, (_, n) => journal.append(n + 1, step(n, new Uint8Array(3 * 1024 * 1024).fill(n)))))
  const entries = await journal.load()
  expect(entries.slice(1).map((entry) => entry.kind === 'step-completed' && entry.result instanceof Uint8Array && entry.result[7])).toEqual(
    Array.from({ length: 12 }, (_, n) => n),
  )
})

test('nothing keeps the OS process alive but work under way', async () => {
  const module = new URL('./sqlite-journal-store.ts', import.meta.url).href
  const program = `
    const { sqliteJournal } = await import(${JSON.stringify(module)})
    const store = sqliteJournal(${JSON.stringify(newFile())})
    const session = await store.join({ worker: 'w', leaseMs: 60000 })
    const { journal } = await session.start({ process: 'order', id: 'a', input: null, at: 1 })
    store.onSettled(journal.ref, () => {})
    await journal.append(1, ${JSON.stringify(step(0))})
    console.log('acknowledged')`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (data) => (output += String(data)))
  const [code] = (await once(child, 'close')) as [number]
  expect([code, output]).toEqual([0, 'acknowledged\n'])
}, 20_000)
