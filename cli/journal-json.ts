import type { ErrorRecord, JournalEntry, Payload, RecordedArgs } from '../runtime/index.ts'
import { toJson } from './json.ts'

/** Turns a payload's bytes back into the value. */
export type Decode = (payload: Payload) => unknown

/** What to show for a value that this build of the CLI cannot decode: the rest of the journal is still worth seeing. */
export interface Undecodable {
  readonly undecodable: string
}

const UNDECODABLE = 'undecodable'

/** The value, or why it cannot be shown. */
export function decoded(payload: Payload, decode: Decode): unknown {
  if (!(payload instanceof Uint8Array)) return payload
  try {
    return decode(payload)
  } catch (error) {
    return { [UNDECODABLE]: error instanceof Error ? error.message : String(error) } satisfies Undecodable
  }
}

/** Arguments of a durable call as a list; a fingerprint alone, which stands for long arguments no undo needs, as its text. */
export function decodedArgs(args: RecordedArgs, decode: Decode): readonly unknown[] | string {
  if (typeof args === 'string') return args
  if (!(args instanceof Uint8Array)) return args
  const value = decoded(args, decode)
  return Array.isArray(value) ? value : [value]
}

/** An entry for `--json`: times as they are, payloads decoded. */
export function entryToJson(entry: JournalEntry, decode: Decode): unknown {
  return Object.fromEntries(Object.entries(entry).map(([field, value]) => [field, fieldToJson(field, value, decode)]))
}

function fieldToJson(field: string, value: unknown, decode: Decode): unknown {
  if (field === 'args') return toJson(decodedArgs(value as RecordedArgs, decode))
  if (field === 'error' || field === 'cause') return errorToJson(value as ErrorRecord, decode)
  if (field === 'outcome' && typeof value === 'object') return outcomeToJson(value as SettledOutcome, decode)
  return toJson(value instanceof Uint8Array ? decoded(value, decode) : value)
}

type SettledOutcome = Extract<JournalEntry, { kind: 'child-settled' }>['outcome']

function outcomeToJson(outcome: SettledOutcome, decode: Decode): unknown {
  return outcome.ok ? { ok: true, value: toJson(decoded(outcome.value, decode)) } : { ok: false, error: errorToJson(outcome.error, decode) }
}

function errorToJson(error: ErrorRecord, decode: Decode): unknown {
  const { data, cause, ...rest } = error
  return {
    ...rest,
    ...(data === undefined ? {} : { data: toJson(decoded(data, decode)) }),
    ...(cause === undefined ? {} : { cause: errorToJson(cause, decode) }),
  }
}
