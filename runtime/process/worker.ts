/**
 * One node's work: owns instances, runs them, takes over those of dead workers, gives its own up when it drains.
 *
 * Invariants
 * 1. An instance runs here only while this worker's session owns it; a fenced session abandons all of them and joins anew.
 * 2. At most `maxInFlight` runs at once; the rest waits in the order it was started.
 * 3. While the worker is open the OS process stays alive; after `close` nothing of it remains.
 */
import { randomUUID } from 'node:crypto'
import {
  AppClosedError,
  type CatgaError,
  CorruptJournalError,
  DecodeError,
  FencedError,
  StoreUnavailableError,
} from '../contracts/errors.ts'
import type { JournalEntry, Payload } from '../contracts/journal-entry.ts'
import type {
  ClaimedInstance,
  FinishedStatus,
  InstanceRef,
  InstanceSummary,
  JournalStore,
  StartOutcome,
  WorkerSession,
} from '../contracts/journal-store.ts'
import { type Claimant, Claiming } from './claiming.ts'
import { turn } from './drain.ts'
import { Execution, inputOf } from './execution.ts'
import type { Registration, Registry } from './registry.ts'
import type { RunServices } from './run-services.ts'
import { describeShape } from './shape.ts'
import { prepareTakeover } from './takeover.ts'

export interface WorkerOptions {
  readonly store: JournalStore
  readonly registry: Registry
  readonly services: RunServices
  /** Name for people; each session adds a random part. */
  readonly name: string
  readonly leaseMs: number
  readonly pollMs: number
  readonly maxInFlight: number
  readonly maxTakeovers: number
  /** How long finished instances are kept, in milliseconds, by status; `Infinity` for ever, 0 not at all. */
  readonly retentionMs: Readonly<Record<FinishedStatus, number>>
}

/** What `start` came to. */
export type Started = { readonly execution: Execution } | { readonly summary: InstanceSummary; readonly input: Payload }

const PRUNE_EVERY_MS = 60_000
const PRUNE_AT_ONCE = 1000
const KEEP_ALIVE_MS = 2 ** 30

type State = 'new' | 'open' | 'draining' | 'closed'

export class Worker implements Claimant {
  readonly #options: WorkerOptions
  readonly #executions = new Map<string, Execution>()
  readonly #refused = new Map<string, CatgaError>()
  /** A set, because taking the first of a long array moves all others. */
  readonly #queue = new Set<() => void>()
  #running = 0
  #state: State = 'new'
  #opening: Promise<void> | undefined
  #session: WorkerSession | undefined
  #keepAlive: NodeJS.Timeout | undefined
  #stopTimers: (() => void)[] = []
  readonly #sleeping = new Set<() => void>()
  /** Started since the event loop last turned; one that ends meanwhile leaves its place empty, so that it can be collected. */
  #fresh: (Execution | undefined)[] = []
  readonly claiming: Claiming
  #joining: Promise<void> | undefined
  #closing: Promise<void> | undefined

  constructor(options: WorkerOptions) {
    this.#options = options
    this.claiming = new Claiming(this, { clock: options.services.clock, pollMs: options.pollMs, maxInFlight: options.maxInFlight })
  }

  /** Joins the store and begins to take over what is due. Calling it again changes nothing. */
  open(): Promise<void> {
    if (this.#state === 'draining' || this.#state === 'closed') return Promise.reject(new AppClosedError('open'))
    return (this.#opening ??= this.#open())
  }

  async #open(): Promise<void> {
    const { store, registry, leaseMs, pollMs } = this.#options
    for (const { definition } of registry.all()) await store.saveShape(definition.manifest.shape, describeShape(definition))
    await this.#join()
    this.#state = 'open'
    this.#keepAlive = setInterval(() => undefined, KEEP_ALIVE_MS)
    this.#every(leaseMs / 3, () => this.#renew())
    this.#every(pollMs, () => this.claiming.look())
    this.#every(PRUNE_EVERY_MS, () => this.#prune())
    await this.claiming.look()
  }

  /** Why this worker holds on to an instance and does not run it: nobody else could read its journal either. */
  refusal(ref: InstanceRef): CatgaError | undefined {
    return this.#refused.get(keyOf(ref))
  }

  execution(ref: InstanceRef): Execution | undefined {
    return this.#executions.get(keyOf(ref))
  }

  /** Creates an instance and runs it here, or answers what there is under the id. */
  start(registration: Registration, id: string, input: Payload): Started | Promise<Started> {
    if (this.#state !== 'open') return this.open().then(() => this.start(registration, id, input))
    const process = registration.definition.name
    const existing = this.#executions.get(keyOf({ process, id }))
    if (existing !== undefined) return { execution: existing }
    const session = this.#session
    if (session === undefined) return this.#joined().then(() => this.start(registration, id, input))
    const at = this.#options.services.clock.now()
    const { shape } = registration.definition.manifest
    const started = { kind: 'started', at, run: 1, input, shape } as const
    // Fenced in this very moment: nothing was created, the next session does it.
    const again = (error: unknown): Promise<Started> => {
      if (!(error instanceof FencedError)) throw error
      this.#fenced(session)
      return this.#joined().then(() => this.start(registration, id, input))
    }
    try {
      const outcome = session.start({ process, id, input, at, shape })
      if (outcome instanceof Promise) return outcome.then((settled) => this.#started(registration, settled, started), again)
      return this.#started(registration, outcome, started)
    } catch (error) {
      return again(error)
    }
  }

  #started(registration: Registration, outcome: StartOutcome, entry: JournalEntry & { kind: 'started' }): Started {
    if (!outcome.created) return outcome
    const execution = this.#adopt(registration, outcome.journal!, entry.input)
    if (this.#state === 'open') this.#admit(() => execution.begin([entry]), execution)
    else {
      // Closed while the store answered: others run it, and whoever waits for it here learns from the store.
      execution.abandon()
      execution.journal.release().catch(() => undefined)
    }
    return { execution }
  }

  get claimingSession(): WorkerSession | undefined {
    return this.#state === 'open' ? this.#session : undefined
  }

  get room(): number {
    return this.#options.maxInFlight - this.#running - this.#queue.size
  }

  get processes(): readonly string[] {
    return this.#options.registry.all().map(({ definition }) => definition.name)
  }

  notesMail(ref: InstanceRef): boolean {
    const execution = this.execution(ref)
    if (execution !== undefined) execution.mayHaveMail = true
    return execution !== undefined
  }

  async takeOver(session: WorkerSession, claimed: ClaimedInstance): Promise<void> {
    const { journal, summary } = claimed
    const registration = this.#options.registry.byName(summary.process)!
    try {
      const [loaded, messages] = await Promise.all([journal.load(), journal.inbox()])
      const execution = this.#adopt(registration, journal, inputOf(loaded, `journal of process "${summary.process}"`))
      const { store, services, maxTakeovers } = this.#options
      const { definition } = registration
      const prepared = await prepareTakeover({ store, services, maxTakeovers, definition, claimed, messages, entries: loaded })
      if (prepared.kind === 'stuck') return execution.stop(prepared)
      execution.olderShapes = prepared.olderShapes
      this.#admit(() => execution.begin(prepared.entries, prepared.messages), execution)
    } catch (error) {
      this.#executions.delete(keyOf(summary))
      if (error instanceof FencedError) this.sessionFailed(session, error)
      else if (error instanceof CorruptJournalError || error instanceof DecodeError) this.#refused.set(keyOf(summary), error)
      else void this.#giveUp(journal)
    }
  }

  /**
   * Gives ownership up, also when the store cannot be reached just now: an instance that this worker owns and does not run
   * would wait for as long as the worker lives.
   */
  async #giveUp(journal: ClaimedInstance['journal']): Promise<void> {
    const session = this.#session
    while (session !== undefined && session === this.#session) {
      try {
        return await journal.release()
      } catch (error) {
        if (!(error instanceof StoreUnavailableError) || this.#state !== 'open') return
      }
      await this.#sleep(this.#options.pollMs)
    }
  }

  /** Ends early when the worker is closed: whoever waits looks at its state next. */
  async #sleep(delayMs: number): Promise<void> {
    if (this.#state !== 'open') return
    await new Promise<void>((resolve) => {
      const stop = this.#options.services.clock.setTimer(delayMs, () => wake())
      const wake = (): void => {
        stop()
        this.#sleeping.delete(wake)
        resolve()
      }
      this.#sleeping.add(wake)
    })
  }

  #adopt(registration: Registration, journal: ClaimedInstance['journal'], input: Payload): Execution {
    const key = keyOf(journal.ref)
    const execution = new Execution({
      key,
      journal,
      registration,
      input,
      services: this.#options.services,
      ended: (ended) => this.#ended(ended),
    })
    this.#executions.set(key, execution)
    return execution
  }

  #admit(begin: () => void, execution: Execution): void {
    execution.freshAt = this.#fresh.push(execution) - 1
    if (execution.freshAt === 0) void turn().then(() => this.#listenToFresh())
    if (this.#running >= this.#options.maxInFlight || this.#state !== 'open') {
      this.#queue.add(() => {
        execution.admitted = true
        begin()
      })
      this.#options.services.idleRuns.isCrowded = true
      this.#options.services.idleRuns.parkOne()
      return
    }
    this.#running++
    execution.admitted = true
    begin()
  }

  #listenToFresh(): void {
    const fresh = this.#fresh
    this.#fresh = []
    for (const execution of fresh) {
      if (execution === undefined) continue
      execution.freshAt = -1
      execution.listen()
    }
  }

  #ended(execution: Execution): void {
    this.#executions.delete(execution.key)
    if (execution.freshAt >= 0) this.#fresh[execution.freshAt] = undefined
    const { end } = execution
    if (end?.kind === 'stuck' || end?.kind === 'lost') void this.#giveUp(execution.journal)
    else this.#removeUnlessKept(execution)
    if (end?.kind === 'parked') this.claiming.expectWake(end.wakeAt)
    if (end?.kind === 'parked' && execution.mayHaveMail) void this.claiming.claim()
    if (!execution.admitted) return
    this.#running--
    if (this.#state !== 'open') return
    const next: (() => void) | undefined = this.#queue.values().next().value
    this.#options.services.idleRuns.isCrowded = this.#queue.size > 1
    if (next === undefined) return this.claiming.roomLeft()
    this.#queue.delete(next)
    this.#running++
    next()
  }

  #removeUnlessKept({ end, journal }: Execution): void {
    if (end?.kind !== 'completed' && end?.kind !== 'failed' && end?.kind !== 'cancelled') return
    if (this.#options.retentionMs[end.kind] <= 0) this.#options.store.delete(journal.ref).catch(() => undefined)
  }

  // Lease.

  async #join(): Promise<void> {
    const { store, name, leaseMs } = this.#options
    const session = await store.join({ worker: `${name}-${randomUUID()}`, leaseMs })
    this.#session = session
    session.fenced.addEventListener('abort', () => this.#fenced(session), { once: true })
  }

  async #renew(): Promise<void> {
    const session = this.#session
    if (session === undefined) return
    try {
      await session.renew()
    } catch (error) {
      this.sessionFailed(session, error)
    }
  }

  sessionFailed(session: WorkerSession, error: unknown): void {
    if (error instanceof FencedError) this.#fenced(session)
  }

  /** Others own what this worker ran: it drops all of it and starts over as a new worker. */
  #fenced(session: WorkerSession): void {
    if (session !== this.#session) return
    this.#session = undefined
    this.#queue.clear()
    this.#refused.clear()
    for (const execution of this.#executions.values()) execution.abandon()
    if (this.#state === 'open') this.#joined().catch(() => undefined)
  }

  /** Resolves once the worker has a session again; tries until it has. */
  #joined(): Promise<void> {
    return (this.#joining ??= this.#rejoin().finally(() => {
      this.#joining = undefined
    }))
  }

  async #rejoin(): Promise<void> {
    while (this.#session === undefined) {
      if (this.#state !== 'open') throw new AppClosedError('start')
      try {
        await this.#join()
      } catch {
        await this.#sleep(this.#options.pollMs)
      }
    }
  }

  // Retention.

  async #prune(): Promise<void> {
    const { store, retentionMs, services } = this.#options
    for (const status of ['completed', 'failed', 'cancelled'] as const) {
      if (retentionMs[status] === Infinity) continue
      const before = services.clock.now() - retentionMs[status]
      while (this.#state === 'open' && (await store.prune({ status, before, limit: PRUNE_AT_ONCE })) === PRUNE_AT_ONCE) await turn()
    }
  }

  // Timers.

  #every(intervalMs: number, work: () => Promise<void>): void {
    let stop: () => void = () => undefined
    const schedule = (): void => {
      stop = this.#options.services.clock.setTimer(intervalMs, () => {
        void work()
          .catch(() => undefined)
          .finally(() => {
            if (this.#state === 'open') schedule()
          })
      })
    }
    schedule()
    this.#stopTimers.push(() => stop())
  }

  // End.

  /**
   * Lets running step bodies end (up to `timeoutMs`) and journals them, starts nothing new, then gives every instance up so
   * that other workers go on at once.
   */
  close(timeoutMs: number): Promise<void> {
    return (this.#closing ??= this.#close(timeoutMs))
  }

  async #close(timeoutMs: number): Promise<void> {
    const wasOpen = this.#state === 'open'
    if (!wasOpen && this.#opening !== undefined) await this.#opening.catch(() => undefined)
    this.#state = 'draining'
    this.#queue.clear()
    await this.claiming.underWay
    const executions = [...this.#executions.values()]
    for (const { run } of executions) run?.drain()
    let stop: () => void = () => undefined
    const deadline = new Promise<void>((resolve) => {
      stop = this.#options.services.clock.setTimer(timeoutMs, resolve)
    })
    await Promise.race([Promise.all(executions.map(({ run }) => run?.quiet())), deadline])
    stop()
    this.claiming.stop()
    for (const stopTimer of [...this.#stopTimers, ...this.#sleeping]) stopTimer()
    await Promise.all(
      [...this.#executions.values()].map((execution) => {
        execution.abandon()
        return execution.journal.release().catch(() => undefined)
      }),
    )
    await this.#session?.[Symbol.asyncDispose]().catch(() => undefined)
    clearInterval(this.#keepAlive)
    this.#state = 'closed'
  }
}

function keyOf({ process, id }: InstanceRef): string {
  return `${process}\0${id}`
}
