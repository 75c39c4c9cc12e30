/**
 * Arguments of durable calls: copied for the body, recorded for the journal, compared on replay.
 */
import { canonicalDigest, canonicalEqual } from '../codec/canonical.ts'
import type { Codec } from '../contracts/codec.ts'
import type { Primitive, RecordedArgs } from '../contracts/journal-entry.ts'
import type { SiteManifest, StepManifest } from './manifest.ts'
import { argumentsOf } from './subject.ts'

/** Longest string, in UTF-16 units, that is journaled as it is. */
export const SHORT_TEXT = 256
/** Longest encoded argument list that is journaled whole when no undo needs it. */
const WHOLE_ARGS_BYTES = 1024

export interface CopiedArgs {
  readonly kept: Uint8Array
  readonly copies: unknown[]
}

/** @throws NotSerializableError an argument would not survive the journal */
export function copyArgs(codec: Codec, args: unknown[], site: SiteManifest): CopiedArgs {
  const { payload, copy } = codec.copy(args, argumentsOf(site))
  return { kept: payload as Uint8Array, copies: copy as unknown[] }
}

/** A fresh copy of the arguments for another attempt. */
export function freshArgs(codec: Codec, kept: readonly Primitive[] | Uint8Array): readonly unknown[] {
  return kept instanceof Uint8Array ? (codec.decode(kept, 'arguments') as unknown[]) : kept
}

export function recordArgs(kept: readonly Primitive[] | Uint8Array, step: StepManifest): RecordedArgs {
  // Not `instanceof`, which walks the prototypes of an array on every step.
  if (Array.isArray(kept) || kept.length <= WHOLE_ARGS_BYTES || step.compensate !== undefined) return kept
  return canonicalDigest(kept)
}

/** Whether a call has the arguments the journal recorded for it. */
export function sameArgs(recorded: RecordedArgs, kept: readonly Primitive[] | Uint8Array): boolean {
  if (typeof recorded === 'string') return kept instanceof Uint8Array && canonicalDigest(kept) === recorded
  if (recorded instanceof Uint8Array || kept instanceof Uint8Array) return canonicalEqual(recorded, kept)
  if (recorded.length !== kept.length) return false
  for (let i = 0; i < kept.length; i++) if (!Object.is(recorded[i], kept[i])) return false
  return true
}

/** Arguments for people: the values where they are recorded, else their digest. */
export function describeArgs(codec: Codec, args: RecordedArgs): string {
  if (typeof args === 'string') return `arguments with digest ${args}`
  const values = args instanceof Uint8Array ? codec.decode(args, 'arguments') : args
  let text: string
  try {
    text = JSON.stringify(values, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
  } catch {
    text = String(values)
  }
  return `arguments ${text.length > 200 ? `${text.slice(0, 200)}…` : text}`
}
