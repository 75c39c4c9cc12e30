import { CorruptJournalError, InvalidIdError } from '../contracts/errors.ts'
import type { JournalEntry } from '../contracts/journal-entry.ts'
import { MAX_ID_LENGTH } from '../contracts/journal-store.ts'
import type { InstanceSummary, StartRequest } from '../contracts/journal-store.ts'
import type { Payload } from '../contracts/journal-entry.ts'
import { encodeEntries } from '../journal-format/entry-codec.ts'
import type { GroupCommit } from './group-commit.ts'
import { decodeBodies } from './pieces.ts'
import type { StartResult } from './protocol.ts'
import { summaryOf } from './summary.ts'
import { toUtf16 } from './utf16.ts'

export type Started =
  | { readonly created: true; readonly instance: number }
  | { readonly created: false; readonly summary: InstanceSummary; readonly input: Payload }

/** Creates an instance, owned by a session or (0) by nobody. */
export function startInstance(commit: GroupCommit, request: StartRequest, session: number, fenced: () => unknown): Promise<Started> {
  const { process, id, input, at, shape } = request
  checkLength('Process name', process)
  checkLength('Instance id', id)
  const entry: JournalEntry = shape === undefined ? { kind: 'started', at, run: 1, input } : { kind: 'started', at, run: 1, input, shape }
  const record = { session, at, process: toUtf16(process), id: toUtf16(id), entries: encodeEntries(entry) }
  return new Promise((resolve, reject) => {
    commit.add(session, {
      record,
      succeeded: (start) => {
        try {
          resolve(startedOf(start, commit.name))
        } catch (error) {
          reject(error)
        }
      },
      failed: reject,
      fits: () => true,
      fenced,
    })
  })
}

function startedOf(start: StartResult | undefined, store: string): Started {
  if (typeof start === 'number') return { created: true, instance: start }
  if (start === undefined) throw new CorruptJournalError(store, 'a start has no result')
  const summary = summaryOf(start.summary, store)
  const [first] = decodeBodies([start.first], `${store}, process "${summary.process}"`)
  return { created: false, summary, input: first?.kind === 'started' ? first.input : undefined }
}

function checkLength(what: string, value: string): void {
  if (value.length > MAX_ID_LENGTH)
    throw new InvalidIdError(what, value, `is ${value.length} UTF-16 units long; at most ${MAX_ID_LENGTH} are allowed`)
}
