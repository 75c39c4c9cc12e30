/**
 * A worker process for `crashes.test.ts`: `<database> <leaseMs> <instances>`. It starts the instances, then appends to each
 * on every line it reads, or without end if told `all`. It prints what was acknowledged.
 */
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { InstanceJournal } from '../contracts/journal-store.ts'
import { sqliteJournal } from './sqlite-journal-store.ts'

const [path = '', leaseMs = '', instances = ''] = process.argv.slice(2)
const lines = createInterface({ input: process.stdin })

async function main(): Promise<void> {
  const store = sqliteJournal(path)
  const session = await store.join({ worker: `process ${process.pid}`, leaseMs: Number(leaseMs) })
  const journals = await Promise.all(
    Array.from({ length: Number(instances) }, async (_, i) => {
      const outcome = await session.start({ process: 'order', id: `a${i}`, input: i, at: Date.now() })
      if (!outcome.created || outcome.journal === undefined) throw new Error('should be new')
      say({ acknowledged: `a${i}`, entries: 1 })
      return outcome.journal
    }),
  )
  say({ ready: true })
  const [line] = (await once(lines, 'line')) as [string]
  await Promise.all(journals.map((journal, i) => grow(journal, `a${i}`, line === 'all' ? Infinity : 1)))
  say({ done: true, fenced: session.fenced.aborted })
  process.exit()
}

async function grow(journal: InstanceJournal, id: string, appends: number): Promise<void> {
  for (let n = 0; n < appends; n++) {
    try {
      await journal.append(n + 1, {
        kind: 'step-completed',
        at: Date.now(),
        scope: '',
        site: 'charge',
        n,
        method: 'charge',
        args: [],
        result: 'x'.repeat(100),
        attempt: 1,
      })
      say({ acknowledged: id, entries: n + 2 })
    } catch (error) {
      say({ refused: id, code: error instanceof Error && 'code' in error ? error.code : String(error) })
      return
    }
  }
}

function say(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

void main()
