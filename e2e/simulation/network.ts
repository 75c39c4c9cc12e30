import { FencedError, StoreUnavailableError } from '../../runtime/contracts/errors.ts'
import type { Counters } from './counters.ts'
import type { EventLog } from './event-log.ts'
import type { Faults } from './faults.ts'
import type { Machine } from './machine.ts'
import type { VirtualTime } from './virtual-time.ts'

/** How long a sender waits for a reply that does not come. */
const TIMEOUT_MS = 12

const NEVER: Promise<never> = new Promise<never>(() => undefined)

/** What keeps its order on the way: the appends of one owner. Other messages overtake one another. */
export class Line {
  arrivesAt = 0
  repliesAt = 0
  underWay = 0
}

export interface Message<T> {
  readonly from: Machine
  /** For the event log and for errors. */
  readonly operation: string
  /** What the store does; atomic. */
  readonly apply: () => T | Promise<T>
  /** Whether the network may deliver it twice. */
  readonly repeatable?: boolean
  readonly line?: Line
}

/**
 * Carries messages to the store and replies back, late, twice or not at all.
 *
 * Invariants
 * 1. A message that was sent may arrive after its sender has died or been paused.
 * 2. On one line messages arrive, and are answered, in the order they were sent.
 * 3. A sender learns that it does not know: `StoreUnavailableError` for a lost message and for a lost reply alike.
 */
export class Network {
  readonly #time: VirtualTime
  readonly #log: EventLog
  readonly #faults: Faults
  readonly #counters: Counters

  constructor(options: { readonly time: VirtualTime; readonly log: EventLog; readonly faults: Faults; readonly counters: Counters }) {
    this.#time = options.time
    this.#log = options.log
    this.#faults = options.faults
    this.#counters = options.counters
  }

  /** Whether a message would get through now with nothing before it on its way. */
  isQuiet(from: Machine, line: Line): boolean {
    return line.underWay === 0 && from.state === 'up' && !this.#faults.isCutOff(from, this.#time.now)
  }

  send<T>(message: Message<T>): Promise<T> {
    const { from, operation, line, repeatable } = message
    if (from.state === 'dead') return NEVER
    const fate = this.#faults.isCutOff(from, this.#time.now) ? 'lost' : this.#faults.fate(operation, repeatable === true)
    if (fate !== 'arrives') {
      this.#counters.add(fate === 'lost' ? 'messages lost' : fate === 'twice' ? 'messages delivered twice' : 'acknowledgements lost')
      this.#log.add(`${from.name} ${operation}: ${fate}`)
    }
    if (line !== undefined) line.underWay++
    return new Promise((resolve, reject) => {
      const failed = (): void => reject(new StoreUnavailableError('the simulated store', operation))
      if (fate === 'lost') return this.#reply(message, failed, TIMEOUT_MS)
      this.#travel(line, () => {
        this.#apply(message).then(
          (value) => this.#reply(message, fate === 'reply lost' ? failed : () => resolve(value), fate === 'reply lost' ? TIMEOUT_MS : 0),
          (error: unknown) =>
            this.#reply(message, fate === 'reply lost' ? failed : () => reject(error as Error), fate === 'reply lost' ? TIMEOUT_MS : 0),
        )
      })
      if (fate === 'twice') this.#time.schedule(this.#faults.delay() * 4 + 1, () => void this.#apply(message).catch(() => undefined))
    })
  }

  /** Late news for a machine that needs no answer. */
  notify(to: Machine, work: () => void): void {
    to.after(this.#faults.delay(), work)
  }

  async #apply<T>({ from, operation, apply }: Message<T>): Promise<T> {
    try {
      const value = await apply()
      this.#log.add(`${from.name} ${operation}`)
      return value
    } catch (error) {
      this.#log.add(`${from.name} ${operation}: ${(error as Error).name}`)
      if (error instanceof FencedError) this.#counters.add('fenced operations')
      throw error
    }
  }

  #travel(line: Line | undefined, arrive: () => void): void {
    const at = Math.max(this.#time.now + this.#faults.delay(), line?.arrivesAt ?? 0)
    if (line !== undefined) line.arrivesAt = at
    this.#time.schedule(at - this.#time.now, arrive)
  }

  #reply({ from, line }: Message<unknown>, deliver: () => void, waitMs: number): void {
    const at = Math.max(this.#time.now + waitMs + this.#faults.delay(), line?.repliesAt ?? 0)
    if (line !== undefined) line.repliesAt = at
    from.after(at - this.#time.now, () => {
      if (line !== undefined) line.underWay--
      deliver()
    })
  }
}
