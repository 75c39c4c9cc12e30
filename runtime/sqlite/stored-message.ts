import { PayloadPacker } from '../codec/payload-packer.ts'
import { CorruptJournalError } from '../contracts/errors.ts'
import type { InboxMessage } from '../contracts/journal-store.ts'

const LIMITS = { maxBytes: 2 ** 31 - 1, maxDepth: 8 }
const NO_CLASSES = new Map<never, never>()
const packer = new PayloadPacker(LIMITS, NO_CLASSES)

/** An inbox message as bytes. The first item is the kind's number, part of the stored format. */
export function encodeMessage(message: InboxMessage): Uint8Array {
  switch (message.kind) {
    case 'signal':
      return packer.pack([1, message.id, message.name, message.payload], 'signal')
    case 'cancel':
      return packer.pack([2, message.id, message.reason], 'cancel')
    case 'resume':
      return packer.pack([3, message.id], 'resume')
  }
}

/** @throws CorruptJournalError no message, or of an unknown kind */
export function decodeMessage(bytes: Uint8Array, place: string): InboxMessage {
  const parts = packer.unpack(bytes, place, NO_CLASSES)
  const [kind, id, text, payload] = (Array.isArray(parts) ? parts : []) as [unknown, string, string, never]
  switch (kind) {
    case 1:
      return { kind: 'signal', id, name: text, payload }
    case 2:
      return { kind: 'cancel', id, reason: text }
    case 3:
      return { kind: 'resume', id }
    default:
      throw new CorruptJournalError(place, `message kind ${String(kind)} is unknown to this version of Catga`)
  }
}
