import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import type { ClaimedInstance, WorkerSession } from '../contracts/journal-store.ts'
import { sqliteJournal } from './sqlite-journal-store.ts'
import { temporaryFolder } from './temporary-folder.test-support.ts'

const newFile = temporaryFolder()
const program = fileURLToPath(new URL('./appending-process.test-support.ts', import.meta.url))
const children = new Set<ChildProcessWithoutNullStreams>()
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
})

interface Message {
  readonly ready?: boolean
  readonly done?: boolean
  readonly fenced?: boolean
  readonly acknowledged?: string
  readonly entries?: number
  readonly refused?: string
  readonly code?: string
}

/** A worker in an OS process of its own, and what it has said so far. */
class WorkerProcess {
  readonly child: ChildProcessWithoutNullStreams
  readonly said: Message[] = []

  constructor(path: string, leaseMs: number, instances: number) {
    this.child = spawn(process.execPath, ['--import', 'tsx', program, path, String(leaseMs), String(instances)])
    children.add(this.child)
    createInterface({ input: this.child.stdout }).on('line', (line) => this.said.push(JSON.parse(line) as Message))
    this.child.stderr.on('data', (data) => process.stderr.write(String(data)))
  }

  async until(condition: (said: readonly Message[]) => boolean): Promise<void> {
    while (!condition(this.said)) {
      if (this.child.exitCode !== null) throw new Error(`the worker process ended with ${this.child.exitCode}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  /** Entries acknowledged, by instance. */
  acknowledged(): Map<string, number> {
    return new Map(
      this.said.flatMap(({ acknowledged, entries }) =>
        acknowledged === undefined || entries === undefined ? [] : [[acknowledged, entries]],
      ),
    )
  }
}

async function claimAll(session: WorkerSession): Promise<readonly ClaimedInstance[]> {
  return session.claim({ processes: ['order'], limit: 100 })
}

test('what a killed process had acknowledged is there, and its instances can be claimed at once', { timeout: 30_000 }, async () => {
  for (const acknowledgements of [30, 300, 1500]) {
    const path = newFile()
    const worker = new WorkerProcess(path, 3_600_000, 20)
    await worker.until((said) => said.some(({ ready }) => ready))
    worker.child.stdin.write('all\n')
    await worker.until((said) => said.length > acknowledgements)
    worker.child.kill('SIGKILL')
    await once(worker.child, 'close')

    await using store = sqliteJournal(path)
    const claimed = await claimAll(await store.join({ worker: 'next', leaseMs: 60_000 }))
    expect(claimed).toHaveLength(20)
    const acknowledged = worker.acknowledged()
    for (const { journal } of claimed) {
      const entries = await journal.load()
      expect(entries.length).toBeGreaterThanOrEqual(acknowledged.get(journal.ref.id) ?? Infinity)
      expect(entries.map((entry) => (entry.kind === 'step-completed' ? entry.n : -1))).toEqual(
        Array.from({ length: entries.length }, (_, i) => i - 1),
      )
    }
  }
})

test('a stopped process keeps its instances until its lease runs out, and then writes nothing', { timeout: 30_000 }, async () => {
  const path = newFile()
  const leaseMs = 3000
  const worker = new WorkerProcess(path, leaseMs, 1)
  await worker.until((said) => said.some(({ ready }) => ready))
  const joinedBefore = Date.now()
  // Idle by now: stopped in the middle of a transaction it would hold the database's lock, like every SQLite writer.
  await new Promise((resolve) => setTimeout(resolve, 200))
  worker.child.kill('SIGSTOP')

  await using store = sqliteJournal(path)
  const session = await store.join({ worker: 'next', leaseMs: 60_000 })
  const early = await claimAll(session)
  expect(Date.now() - joinedBefore < leaseMs / 2 ? early : []).toEqual([])
  let claimed = early
  while (claimed.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    claimed = await claimAll(session)
  }
  await claimed[0]?.journal.append(1, { kind: 'completed', at: Date.now(), result: 'by the next' })

  worker.child.kill('SIGCONT')
  worker.child.stdin.write('once\n')
  await worker.until((said) => said.some(({ done }) => done))
  expect(worker.said.filter(({ refused }) => refused !== undefined)).toEqual([{ refused: 'a0', code: 'fenced' }])
  expect(worker.said.at(-1)).toEqual({ done: true, fenced: true })
  expect(await claimed[0]?.journal.load()).toMatchObject([{ kind: 'started' }, { kind: 'completed', result: 'by the next' }])
})
