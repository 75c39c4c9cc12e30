import type { JournalEntry } from '../../runtime/contracts/journal-entry.ts'
import type { DeliveredMessage, InstanceJournal, InstanceRef, InstanceStatus } from '../../runtime/contracts/journal-store.ts'
import { FencedError } from '../../runtime/contracts/errors.ts'
import type { Link } from './faulty-store.ts'
import { Line } from './network.ts'

/** An owner's hold on an instance, across the network. */
export class FaultyJournal implements InstanceJournal {
  readonly ref: InstanceRef
  readonly epoch: number
  readonly #real: InstanceJournal
  readonly #link: Link
  readonly #line = new Line()

  constructor(real: InstanceJournal, link: Link) {
    this.ref = real.ref
    this.epoch = real.epoch
    this.#real = real
    this.#link = link
  }

  append(seq: number, entries: JournalEntry | readonly JournalEntry[], status?: InstanceStatus): void | Promise<void> {
    const list = Array.isArray(entries) ? (entries as readonly JournalEntry[]) : [entries as JournalEntry]
    const operation = `${this.ref.id} append ${seq} ${list.map(({ kind }) => kind).join('+')} epoch ${this.epoch}`
    const { machine, network, faults, counters, log, record } = this.#link
    const apply = (): void => {
      faults.beforeAppend(machine)
      if (machine.state === 'dead' && faults.delay() % 2 === 0) throw new Error('lost with its sender')
      try {
        void this.#real.append(seq, entries, status)
      } catch (error) {
        if (error instanceof FencedError) counters.add('stale appends rejected')
        throw error
      }
      record.appended(this.ref.id, this.epoch, seq, list)
      faults.afterAppend(machine)
    }
    if (!faults.rates.synchronous || !network.isQuiet(machine, this.#line))
      return network.send({ from: machine, operation, apply, line: this.#line, repeatable: true })
    counters.add('appends acknowledged at once')
    try {
      apply()
      log.add(`${machine.name} ${operation} at once`)
    } catch (error) {
      if (machine.state === 'up') throw error
    }
    // A machine that died of this append must not go on in the same breath.
    return machine.state === 'up' ? undefined : new Promise(() => undefined)
  }

  continueAsNew(seq: number, last: JournalEntry, first: JournalEntry, carried: readonly JournalEntry[]): Promise<void> {
    return this.#send('continue as new', () => this.#real.continueAsNew(seq, last, first, carried))
  }

  load(): Promise<readonly JournalEntry[]> {
    return this.#send('load', () => this.#real.load())
  }

  inbox(): Promise<readonly DeliveredMessage[]> {
    return this.#send('inbox', () => this.#real.inbox())
  }

  onDelivery(listener: () => void): () => void {
    return this.#real.onDelivery(() => this.#link.network.notify(this.#link.machine, listener))
  }

  park(wakeAt: number | undefined): Promise<'parked' | 'inbox moved'> {
    return this.#send('park', async () => {
      const outcome = await this.#real.park(wakeAt)
      if (outcome === 'parked') this.#link.record.parked(this.ref.id, this.epoch)
      return outcome
    })
  }

  release(): Promise<void> {
    return this.#send('release', () => this.#real.release())
  }

  #send<T>(operation: string, apply: () => Promise<T>): Promise<T> {
    const { network, machine } = this.#link
    return network.send({ from: machine, operation: `${this.ref.id} ${operation} epoch ${this.epoch}`, apply })
  }
}
