import type { Counters } from './counters.ts'
import type { EventLog } from './event-log.ts'
import type { Faults } from './faults.ts'
import { Ledger } from './ledger.ts'
import type { Probe } from './probe.ts'
import type { Behaviour } from './program.ts'
import { StoreRecord } from './store-record.ts'
import type { VirtualTime } from './virtual-time.ts'

/** What all machines of one simulation share beside the store, and what was seen to go wrong in it. */
export class World {
  readonly time: VirtualTime
  readonly log: EventLog
  readonly counters: Counters
  readonly faults: Faults
  readonly ledger: Ledger
  readonly record: StoreRecord
  readonly violations: string[] = []
  /** Activations of each instance, in the order they began. */
  readonly activations = new Map<string, Probe[]>()
  /** Behaviour of steps by instance and tag. */
  readonly behaviours = new Map<string, ReadonlyMap<number, Behaviour>>()
  /** Whether an operator has repaired what made undos fail. */
  mended = false

  constructor(parts: { readonly log: EventLog; readonly counters: Counters; readonly faults: Faults; readonly time: VirtualTime }) {
    this.log = parts.log
    this.counters = parts.counters
    this.faults = parts.faults
    this.record = new StoreRecord({ time: parts.time, wrong: (what) => this.wrong(what), counters: parts.counters })
    this.time = parts.time
    this.ledger = new Ledger((what) => this.wrong(what))
  }

  wrong(what: string): void {
    this.log.add(`WRONG ${what}`)
    this.violations.push(what)
  }

  behaviour(instance: string, tag: number): Behaviour {
    const behaviour = this.behaviours.get(instance)?.get(tag)
    if (behaviour === undefined) throw new RangeError(`no behaviour of ${instance} ${tag}`)
    return behaviour
  }

  activated(instance: string, probe: Probe): void {
    const before = this.activations.get(instance)
    if (before === undefined) this.activations.set(instance, [probe])
    else before.push(probe)
  }
}
