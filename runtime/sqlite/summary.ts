import { CorruptJournalError } from '../contracts/errors.ts'
import type { InstanceSummary } from '../contracts/journal-store.ts'
import { STATUSES } from './log-record.ts'
import type { SummaryRow } from './protocol.ts'
import { fromUtf16 } from './utf16.ts'

/** A row of the instance table of a store as the port has it. */
export function summaryOf(row: SummaryRow, store: string): InstanceSummary {
  const status = STATUSES[row.status]
  if (status === undefined)
    throw new CorruptJournalError(
      `${store}, table instance, row ${row.instance}`,
      `status ${row.status} is unknown to this version of Catga`,
    )
  return {
    process: fromUtf16(row.process),
    id: fromUtf16(row.id),
    status,
    run: row.run,
    epoch: row.epoch,
    entries: row.entries,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    ...(row.owner === undefined ? undefined : { owner: fromUtf16(row.owner) }),
    ...(row.wakeAt === undefined ? undefined : { wakeAt: row.wakeAt }),
  }
}
