/**
 * Deterministic simulation of the engine. One seed draws programs, machines and faults, and everything that happens follows
 * from it: time is virtual, the store and the network between it and the workers are simulated, and nothing is left to chance.
 *
 * A failing seed is replayed, with its event log printed, by
 *
 *     CATGA_SEED=123 npx vitest run e2e/simulation/replay.test.ts
 *
 * Where to look: `program.ts` is the language of the simulated processes, `simulated.process.ts` their code, `probe.ts` what
 * they see and do; `model.ts` says what they must come to; `network.ts`, `faults.ts` and `faulty-*.ts` are the store as workers
 * see it; `check-*.ts` hold what must be true at the end; this file runs one simulation.
 */
import { type App, createApp, createClient } from '../../runtime/process/app.ts'
import { createCodec } from '../../runtime/codec/msgpack-codec.ts'
import type { JournalEntry } from '../../runtime/contracts/journal-entry.ts'
import type { WorkerSession } from '../../runtime/contracts/journal-store.ts'
import { MemoryJournalStore } from '../../runtime/memory/memory-journal-store.ts'
import { SeededRandom } from '../../runtime/testing/seeded-random.ts'
import { checkJournal } from './check-journal.ts'
import { checkTraces } from './check-trace.ts'
import { checkEnd } from './check-end.ts'
import { Clients, isUnavailable, PROCESS } from './clients.ts'
import { Counters } from './counters.ts'
import { EventLog } from './event-log.ts'
import { Faults } from './faults.ts'
import { FaultyStore } from './faulty-store.ts'
import { KeepAlive } from './keep-alive.ts'
import { Machine } from './machine.ts'
import { expect, type Expected } from './model.ts'
import { Network } from './network.ts'
import { Probe } from './probe.ts'
import type { Job } from './program.ts'
import { type Plan, type PlannedInstance, planOf } from './plan.ts'
import { SimulatedProcess } from './simulated.process.ts'
import { VirtualTime } from './virtual-time.ts'
import { World } from './world.ts'

const LEASE_MS = 1500
const POLL_MS = 400
/** Virtual time after which an instance that has not ended never will. */
const LIMIT_MS = 60_000
/** Longest time an instance that nothing but lost messages hampers may work on after it was told to cancel. */
const HEED_MS = 1500
/** Events after which something goes round in circles. */
const LIMIT_EVENTS = 20_000

/** What a seed came to. */
export interface SimulationReport {
  readonly seed: number
  readonly hash: string
  readonly violations: readonly string[]
  readonly counters: Counters
  /** Events in order, where they were asked for. */
  readonly lines: readonly string[] | undefined
  /** How each instance ended: `completed 12`, `failed <message>`, `cancelled`. */
  readonly ends: ReadonlyMap<string, string>
  /** How much of the end of each instance its program alone decides. */
  readonly certain: ReadonlyMap<string, Expected['certain']>
}

export interface SimulationOptions {
  /** Keeps the event log. */
  readonly keepLog?: boolean
  /** The same programs with nothing going wrong. */
  readonly calm?: boolean
}

interface Slot {
  readonly number: number
  generation: number
  machine: Machine
  app: App | undefined
}

const codec = createCodec()

/** Runs one seed to its end and checks it. */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<SimulationReport> {
  const simulation = new Simulation(seed, planOf(seed, options.calm === true), options)
  return simulation.run()
}

class Simulation {
  readonly #seed: number
  readonly #plan: Plan
  readonly #time = new VirtualTime()
  readonly #random: SeededRandom
  readonly #counters = new Counters()
  readonly #world: World
  readonly #log: EventLog
  readonly #faults: Faults
  readonly #network: Network
  readonly #storeMachine: Machine
  readonly #store: MemoryJournalStore
  readonly #clients: Clients
  readonly #slots: Slot[] = []
  readonly #certain = new Map<string, Expected['certain']>()
  readonly #open = new Map<App, Machine>()
  readonly #sessions = new Map<Machine, WorkerSession>()
  readonly #keepAlive = new KeepAlive()
  #events = 0

  constructor(seed: number, plan: Plan, options: SimulationOptions) {
    this.#seed = seed
    this.#plan = plan
    this.#random = new SeededRandom(seed ^ 0x5eed)
    this.#log = new EventLog(this.#time, options.keepLog === true)
    this.#faults = new Faults({
      rates: plan.rates,
      random: this.#random.fork(),
      counters: this.#counters,
      crash: (machine) => this.#crashMachine(machine),
    })
    this.#world = new World({ log: this.#log, counters: this.#counters, faults: this.#faults, time: this.#time })
    this.#network = new Network({ time: this.#time, log: this.#log, faults: this.#faults, counters: this.#counters })
    this.#storeMachine = new Machine('store', this.#time)
    this.#store = new MemoryJournalStore({ clock: this.#storeMachine })
    const desk = new Machine('client', this.#time)
    this.#clients = new Clients(this.#world, createClient({ journal: this.#view(desk), clock: desk }), desk)
    for (const point of plan.crashPoints) this.#faults.plan(point)
    for (const { job, behaviours } of plan.instances) this.#world.behaviours.set(job.id, behaviours)
  }

  async run(): Promise<SimulationReport> {
    this.#keepAlive.install()
    try {
      return await this.#run()
    } finally {
      this.#keepAlive.uninstall()
    }
  }

  async #run(): Promise<SimulationReport> {
    for (let number = 0; number < this.#plan.workers; number++) {
      this.#slots.push({ number, generation: 0, machine: new Machine('none', this.#time), app: undefined })
      this.#boot(this.#slots[number]!)
    }
    for (const { job, startAt, by } of this.#plan.instances) this.#time.schedule(startAt, () => this.#start(job, by))
    for (const { job, signals } of this.#plan.instances) this.#send(job.id, signals)
    for (const event of this.#plan.events) this.#time.schedule(event.at, () => this.#disturb(event))
    this.#time.schedule(this.#plan.quietAt, () => this.#quieten())
    await this.#until(
      () =>
        this.#clients.ends.size === this.#plan.instances.length &&
        this.#time.now >= this.#plan.quietAt &&
        this.#clients.waiting('living') === 0,
    )
    this.#quieten()
    await this.#closeAll()
    const leftByCrashes = this.#counters.of('crashes') + this.#clients.waiting('dead')
    if (this.#world.violations.length === 0 && this.#keepAlive.open > leftByCrashes)
      this.#world.wrong(`${this.#keepAlive.open} things keep the OS process alive, ${leftByCrashes} of them for crashes`)
    if (this.#world.violations.length === 0) await this.#check()
    if (this.#plan.isCalm && this.#counters.of('resumes') === 0 && this.#counters.of('takeovers') > 0)
      this.#world.wrong('an instance changed hands though nothing went wrong')
    this.#counters.add('seeds')
    this.#counters.add('bodies', this.#world.ledger.bodies)
    return {
      seed: this.#seed,
      hash: this.#log.hash,
      violations: this.#world.violations,
      counters: this.#counters,
      lines: this.#log.lines,
      ends: this.#clients.ends,
      certain: this.#certain,
    }
  }

  #send(id: string, signals: PlannedInstance['signals']): void {
    for (const { channel, number } of signals)
      if (number === 0)
        void this.#clients.signal(
          id,
          signals.filter((signal) => signal.channel === channel),
        )
  }

  // Machines.

  #view(machine: Machine): FaultyStore {
    return new FaultyStore(this.#store, {
      machine,
      network: this.#network,
      faults: this.#faults,
      counters: this.#counters,
      log: this.#log,
      record: this.#world.record,
      sessions: this.#sessions,
    })
  }

  #boot(slot: Slot): void {
    const machine = new Machine(`w${slot.number}.${slot.generation++}`, this.#time)
    machine.jump(this.#plan.skewMs * slot.number)
    const random = this.#random.fork()
    const app = createApp({
      journal: this.#view(machine),
      clock: machine,
      random: () => random.next(),
      worker: machine.name,
      leaseMs: LEASE_MS,
      pollMs: POLL_MS,
      settleGraceMs: 80,
      maxTakeovers: 1000,
      maxInFlight: this.#plan.maxInFlight,
      parkAfterMs: this.#plan.parkAfterMs,
    }).process(SimulatedProcess, () => new SimulatedProcess(new Probe(this.#world, machine)))
    slot.machine = machine
    slot.app = app
    this.#open.set(app, machine)
    app.open().then(
      () => this.#log.add(`${machine.name} is open`),
      (error: unknown) => this.#bootFailed(slot, machine, app, error),
    )
  }

  /** A worker that cannot reach the store when it starts says so and is started again, as service managers do. */
  #bootFailed(slot: Slot, machine: Machine, app: App, error: unknown): void {
    if (!isUnavailable(error)) this.#world.wrong(`open threw ${String(error)}`)
    if (slot.machine === machine && slot.app === app) this.#drain(slot, app)
  }

  #crashMachine(machine: Machine): void {
    const slot = this.#slots.find((candidate) => candidate.machine === machine)
    if (slot === undefined || machine.state === 'dead') return
    this.#log.add(`${machine.name} crashes`)
    this.#counters.add('crashes')
    machine.crash()
    for (const [app, its] of this.#open) if (its === machine) this.#open.delete(app)
    slot.app = undefined
    this.#time.schedule(this.#plan.restartMs, () => this.#boot(slot))
  }

  #drain(slot: Slot, app: App): void {
    const { machine } = slot
    slot.app = undefined
    this.#counters.add('drains')
    this.#log.add(`${machine.name} drains`)
    void app.close({ timeoutMs: 200 }).then(() => {
      this.#log.add(`${machine.name} is closed`)
      this.#open.delete(app)
      this.#checkClosed(machine)
      if (slot.machine === machine) this.#time.schedule(this.#plan.restartMs, () => this.#boot(slot))
    })
  }

  #checkClosed(machine: Machine): void {
    if (machine.timers > machine.slowBodies) this.#world.wrong(`${machine.name} has ${machine.timers} timers after it was closed`)
  }

  // Faults.

  #disturb(event: Plan['events'][number]): void {
    const slot = this.#slots[event.slot % this.#slots.length]!
    const { machine } = slot
    if (event.kind === 'cut off everybody') {
      this.#log.add('the store is unreachable')
      this.#counters.add('outages')
      return this.#faults.cutOff('everybody', this.#time.now + event.forMs)
    }
    if (event.kind === 'cancel') return void this.#clients.cancel(`p${event.slot % this.#plan.instances.length}`)
    if (event.kind === 'store clock') {
      this.#counters.add('clock jumps of the store')
      this.#log.add(`store clock ${event.forMs}`)
      return this.#storeMachine.jump(Math.abs(event.forMs))
    }
    if (slot.app === undefined || machine.state !== 'up') return
    this.#log.add(`${machine.name} ${event.kind} ${event.forMs}`)
    switch (event.kind) {
      case 'crash':
        this.#counters.add('crash at a random time')
        return this.#crashMachine(machine)
      case 'pause':
        this.#counters.add('pauses')
        machine.pause()
        this.#time.schedule(event.forMs, () => machine.resume())
        return
      case 'jump':
        this.#counters.add(event.forMs < 0 ? 'clock jumps back' : 'clock jumps forward')
        return machine.jump(event.forMs)
      case 'cut off':
        this.#counters.add('machines cut off')
        return this.#faults.cutOff(machine, this.#time.now + event.forMs)
      case 'lose lease':
        return this.#loseLease(machine)
      case 'drain':
        return this.#drain(slot, slot.app)
    }
  }

  /** The store gives the worker's instances away though it is alive and well. */
  #loseLease(machine: Machine): void {
    this.#counters.add('leases lost')
    void this.#sessions.get(machine)?.[Symbol.asyncDispose]()
  }

  #quieten(): void {
    this.#faults.stop()
    for (const { machine } of this.#slots) machine.resume()
  }

  #start(job: Job, by: number): void {
    const slot = this.#slots[by]
    if (slot?.app === undefined) this.#clients.start(job)
    else this.#clients.startOn(slot.app, slot.machine, job)
  }

  // Running.

  async #until(reached: () => boolean): Promise<void> {
    while (!reached()) {
      if (this.#world.violations.length > 0) return
      if (this.#time.now > LIMIT_MS)
        return this.#world.wrong(
          `after ${LIMIT_MS} ms ${this.#plan.instances.map(({ job }) => `${job.id} ${this.#clients.ends.get(job.id) ?? (this.#clients.acknowledged.has(job.id) ? 'has not ended' : 'is not acknowledged')}`).join(', ')}`,
        )
      if (!this.#time.step()) return this.#world.wrong('nothing happens any more')
      if (++this.#events > LIMIT_EVENTS) return this.#world.wrong(`more than ${LIMIT_EVENTS} events`)
      await calm()
    }
  }

  async #closeAll(): Promise<void> {
    const closing = this.#slots.map(async (slot) => {
      if (slot.app === undefined) return
      const { machine, app } = slot
      slot.app = undefined
      machine.resume()
      await app.close({ timeoutMs: 200 })
      this.#open.delete(app)
      this.#checkClosed(machine)
    })
    let closed = 0
    for (const one of closing) void one.then(() => closed++)
    const { violations } = this.#world
    const before = violations.length
    const end = this.#time.now + 20_000
    while (closed < closing.length || this.#open.size > 0) {
      if (this.#time.now > end || violations.length > before || !this.#time.step()) return this.#world.wrong('a worker did not close')
      // A worker that boots just now is closed as well.
      for (const slot of this.#slots) if (slot.app !== undefined && this.#open.has(slot.app)) this.#closeLate(slot)
      await calm()
    }
  }

  #closeLate(slot: Slot): void {
    const { app } = slot
    slot.app = undefined
    if (app !== undefined) void app.close({ timeoutMs: 200 }).then(() => this.#open.delete(app))
  }

  // Checking.

  async #check(): Promise<void> {
    for (const { job, behaviours } of this.#plan.instances) {
      const entries: JournalEntry[] = []
      for await (const entry of this.#store.read({ process: PROCESS, id: job.id })) entries.push(entry)
      const recorded = this.#world.record.journal(job.id)
      if (recorded.length !== entries.length - 1)
        this.#world.wrong(`${job.id} has ${entries.length - 1} entries, ${recorded.length} were appended`)
      for (const what of checkJournal(this.#world, job.id, entries, `${PROCESS}/${job.id}/1/`)) this.#world.wrong(what)
      const activations = this.#world.activations.get(job.id) ?? []
      this.#counters.add('activations', activations.length)
      const divergence = checkTraces(job.id, activations)
      if (divergence !== undefined) this.#world.wrong(divergence)
      this.#count(entries)
      const heedlessMs = this.#world.record.heedlessMs(job.id)
      if (this.#plan.isUndisturbed && heedlessMs > HEED_MS)
        this.#world.wrong(`${job.id} went on for ${heedlessMs} ms after it was told to cancel`)
      const end = this.#clients.ends.get(job.id)
      const expected = expect(job, behaviours)
      this.#certain.set(job.id, end === 'cancelled' ? 'nothing' : expected.certain)
      this.#counters.add(
        end === 'cancelled' ? 'instances compared with nothing: cancelled' : `instances whose certainty is: ${expected.certain}`,
      )
      const difference = checkEnd(end, entries, expected, codec)
      if (difference !== undefined) this.#world.wrong(`${job.id} ${difference}`)
    }
  }

  #count(entries: readonly JournalEntry[]): void {
    for (const { kind } of entries) this.#counters.add(`entry ${kind}`)
    const last = entries.at(-1)!
    this.#counters.add(`instances ${last.kind === 'failed' ? last.outcome : last.kind}`)
  }
}

/** Resolves once everything that follows from the last event has happened, however many turns of the event loop it took. */
async function calm(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}
