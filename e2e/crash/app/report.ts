/**
 * Writes what a database holds of every order as one JSON file.
 *
 *   node report.js <database> <file to write>
 */
import { writeFileSync } from 'node:fs'
import { callKey, createClient, type InstanceSummary } from 'catga'
import { sqliteJournal } from 'catga/sqlite'

/** An entry as far as tests look at it. */
export interface ReportedEntry {
  readonly kind: string
  readonly at: number
  /** Idempotency key of the durable call it is about. */
  readonly key?: string
}

export interface ReportedOrder {
  readonly id: string
  readonly status: string
  /** Raised by every takeover. */
  readonly epoch: number
  readonly updatedAt: number
  /** The result as JSON, or the message of the error it failed with. */
  readonly outcome: string
  readonly entries: readonly ReportedEntry[]
}

const [database = '', file = ''] = process.argv.slice(2)
const journal = sqliteJournal(database)
const client = createClient({ journal })

async function report(summary: InstanceSummary): Promise<ReportedOrder> {
  const entries: ReportedEntry[] = []
  let outcome = ''
  for await (const entry of client.read(summary)) {
    const key = 'site' in entry ? `${summary.process}/${summary.id}/${summary.run}/${callKey(entry)}` : undefined
    entries.push({ kind: entry.kind, at: entry.at, ...(key !== undefined && { key }) })
    if (entry.kind === 'completed') outcome = JSON.stringify(client.decode(entry.result))
    if (entry.kind === 'failed') outcome = entry.error.message
  }
  const { id, status, epoch, updatedAt } = summary
  return { id, status, epoch, updatedAt, outcome, entries }
}

const orders: ReportedOrder[] = []
for await (const summary of client.list()) orders.push(await report(summary))
writeFileSync(file, JSON.stringify(orders))
await journal[Symbol.asyncDispose]()
