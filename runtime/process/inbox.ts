import type { DeliveredMessage, InboxMessage } from '../contracts/journal-store.ts'
import type { Run } from './run.ts'

/**
 * Takes messages of one run from the inbox into the journal.
 *
 * Invariants
 * 1. All are taken, in order: an entry takes whatever was before it out of the inbox.
 * 2. Each is taken once, although the inbox shows it until the entry is there.
 */
export class Inbox {
  readonly #run: Run
  /** Positions the journal has, as far as the inbox may still show them. */
  #taken: ReadonlySet<string>

  constructor(run: Run, taken: readonly string[] = []) {
    this.#run = run
    this.#taken = new Set(taken)
  }

  /** @param messages the whole inbox, read after it was read for the last call */
  take(messages: readonly DeliveredMessage[]): void {
    const taken = new Set<string>()
    for (const { position, message } of messages) {
      if (this.#run.dead) return
      taken.add(position)
      if (!this.#taken.has(position)) this.#take(position, message)
    }
    this.#taken = taken
  }

  /** A cancel that comes too late, or again, is noted in the journal and does nothing; so is a request to resume what is not stuck. */
  #take(inbox: string, message: InboxMessage): void {
    const run = this.#run
    const at = run.stamp()
    switch (message.kind) {
      case 'signal': {
        const { name, payload } = message
        const acknowledged = run.append({ kind: 'signal-received', at, name, payload, inbox })
        if (!run.dead) run.delivery.addSignal(acknowledged, { name, payload })
        return
      }
      case 'cancel': {
        const { reason } = message
        const isFirst = run.mayBeCancelled
        const acknowledged = run.writer.append({ kind: 'cancel-requested', at, reason, inbox })
        if (isFirst) run.delivery.add(acknowledged, undefined, { ok: false, error: run.cancelledBecause(reason) })
        return
      }
      case 'resume':
        void run.writer.append({ kind: 'resumed', at, inbox })
    }
  }
}
