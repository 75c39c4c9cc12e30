/**
 * Whether an instance came to what its program must come to.
 */
import type { Codec } from '../../runtime/contracts/codec.ts'
import type { JournalEntry, RecordedArgs } from '../../runtime/contracts/journal-entry.ts'
import type { Expected } from './model.ts'

/** @returns what is wrong with an end that clients heard, if anything */
export function checkEnd(end: string | undefined, entries: readonly JournalEntry[], expected: Expected, codec: Codec): string | undefined {
  const journaled = journaledEnd(entries.at(-1))
  if (end !== journaled) return `clients heard "${end}", the journal says "${journaled}"`
  if (end === 'cancelled' || expected.certain === 'nothing' || expected.certain === 'place') return undefined
  const modelled = expected.outcome.ok ? `completed ${expected.outcome.value}` : `failed ${expected.outcome.message}`
  if (end !== modelled) return `ended "${end}", the model says "${modelled}"`
  if (expected.certain !== 'all') return undefined
  const made = new Map<string, string>()
  for (const entry of entries) {
    if (entry.kind === 'step-completed' || entry.kind === 'step-failed')
      made.set(uidOf(entry.args, codec), `${entry.kind.slice('step-'.length)} in attempt ${entry.attempt}`)
  }
  return text(made) === text(expected.calls) ? undefined : `made the calls ${text(made)}, the model says ${text(expected.calls)}`
}

function journaledEnd(last: JournalEntry | undefined): string {
  if (last?.kind === 'completed') return `completed ${String(last.result)}`
  if (last?.kind !== 'failed') return `nothing after ${last?.kind}`
  return last.outcome === 'failed' ? `failed ${last.error.message}` : 'cancelled'
}

/** Which call of the program an entry is about. */
function uidOf(args: RecordedArgs, codec: Codec): string {
  const list = args instanceof Uint8Array ? (codec.decode(args, 'arguments') as readonly unknown[]) : args
  const first = list[0]
  return typeof first === 'string' ? first : (first as { uid: string }).uid
}

function text(calls: ReadonlyMap<string, string>): string {
  return [...calls]
    .map(([uid, how]) => `${uid} ${how}`)
    .sort()
    .join(', ')
}
