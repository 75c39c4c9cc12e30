import { SystemClock } from '../clock/system-clock.ts'
import type { Clock } from '../contracts/clock.ts'
import { InvalidIdError, InvalidOptionError, ProcessNotFoundError } from '../contracts/errors.ts'
import type { JournalEntry } from '../contracts/journal-entry.ts'
import type {
  ClaimedInstance,
  ClaimOptions,
  DeleteOutcome,
  FinishedStatus,
  InboxMessage,
  InstanceRef,
  InstanceSummary,
  JournalStore,
  ListOptions,
  StartOutcome,
  StartRequest,
  WorkerSession,
} from '../contracts/journal-store.ts'
import { MAX_ID_LENGTH, isFinished, wakes } from '../contracts/journal-store.ts'
import { copyBytes, copyEntry, copyMessage } from './copy-entry.ts'
import { MemoryInstance } from './memory-instance.ts'
import { MemoryInstanceJournal } from './memory-instance-journal.ts'
import { MemoryWorkerSession } from './memory-worker-session.ts'
import { MinHeap } from './min-heap.ts'

export interface MemoryJournalStoreOptions {
  /** Time for leases and wake-ups; default real time. */
  readonly clock?: Clock
}

/**
 * Process instances in the memory of this OS process: for tests, simulations and work that may be lost.
 *
 * ```ts
 * const app = createApp({ journal: new MemoryJournalStore() })
 * ```
 *
 * Invariants
 * 1. Every operation is one synchronous step, so each is atomic.
 * 2. An unowned instance that wants an owner is in `#ready`, once; one parked until a time is in `#sleeping` of its process.
 * 3. Disposing the store ends nothing: the journal lives as long as the object, so that a test can open a second app on it.
 */
export class MemoryJournalStore implements JournalStore {
  readonly name = 'memory'
  readonly clock: Clock
  readonly #instances = new Map<string, Map<string, MemoryInstance>>()
  readonly #sessions = new Set<MemoryWorkerSession>()
  readonly #ready = new Map<string, MinHeap<MemoryInstance>>()
  readonly #sleeping = new Map<string, MinHeap<MemoryInstance>>()
  readonly #shapes = new Map<string, string>()
  /** Listeners for instances that do not exist yet. */
  readonly #awaited = new Map<string, Map<string, Set<() => void>>>()
  #ordinal = 0
  #position = 0

  constructor(options: MemoryJournalStoreOptions = {}) {
    this.clock = options.clock ?? new SystemClock()
  }

  async join({ worker, leaseMs }: { readonly worker: string; readonly leaseMs: number }): Promise<WorkerSession> {
    if (!(leaseMs > 0 && Number.isFinite(leaseMs)))
      throw new InvalidOptionError('leaseMs', leaseMs, 'give a positive number of milliseconds')
    const session = new MemoryWorkerSession(this, worker, leaseMs)
    this.#sessions.add(session)
    return session
  }

  async start(request: StartRequest): Promise<StartOutcome> {
    return this.create(request, undefined)
  }

  /** `start` of the store and of its sessions. */
  create(request: StartRequest, session: MemoryWorkerSession | undefined): StartOutcome {
    const { process, id } = request
    let ofProcess = this.#instances.get(process)
    if (ofProcess === undefined) {
      checkId('Process name', process)
      ofProcess = new Map()
      this.#instances.set(process, ofProcess)
    }
    const existing = ofProcess.get(id)
    if (existing !== undefined) return { created: false, summary: existing.summary(), input: copyBytes(existing.input) }
    if (id.length > MAX_ID_LENGTH) checkId('Instance id', id)
    const instance = new MemoryInstance(process, id, this.#ordinal++, startedEntry(request))
    ofProcess.set(id, instance)
    if (this.#awaited.size > 0) this.#adoptListeners(instance)
    if (session === undefined) {
      this.#enqueue(instance)
      return { created: true }
    }
    instance.epoch = 1
    const journal = new MemoryInstanceJournal(instance, session)
    instance.owner = journal
    return { created: true, journal }
  }

  claim(session: MemoryWorkerSession, { processes, limit }: ClaimOptions): readonly ClaimedInstance[] {
    const now = this.clock.now()
    for (const other of this.#sessions) if (other !== session && other.expired(now)) this.leave(other)
    for (const process of processes) this.#wakeSleepers(process, now)
    const heaps = processes.flatMap((process) => this.#ready.get(process) ?? [])
    const claimed: ClaimedInstance[] = []
    while (claimed.length < limit) {
      let oldest: MinHeap<MemoryInstance> | undefined
      for (const heap of heaps) if (heap.leastKey < (oldest?.leastKey ?? Infinity)) oldest = heap
      const instance = oldest?.pop()
      if (instance === undefined) break
      claimed.push(this.#takeOver(instance, session))
    }
    return claimed
  }

  nextWakeAt(processes: readonly string[]): number | undefined {
    let next = Infinity
    for (const process of processes) {
      const sleeping = this.#sleeping.get(process)
      if (sleeping === undefined) continue
      while (sleeping.least !== undefined && !isAsleep(sleeping.least, sleeping.leastKey)) sleeping.pop()
      next = Math.min(next, sleeping.leastKey)
    }
    return next === Infinity ? undefined : next
  }

  /** Ends a session and gives what it owned to whoever claims it. Owners are not indexed: sessions end seldom. */
  leave(session: MemoryWorkerSession): void {
    this.#sessions.delete(session)
    session.end()
    for (const ofProcess of this.#instances.values()) {
      for (const instance of ofProcess.values()) if (instance.owner?.session === session) this.disown(instance)
    }
  }

  /** Takes the owner away and makes the instance claimable as its status says. */
  disown(instance: MemoryInstance): void {
    instance.owner = undefined
    instance.deliveryListeners = undefined
    if (instance.wantsOwner) this.#enqueue(instance)
    else if (instance.status === 'parked' && instance.wakeAt !== undefined)
      heapOf(this.#sleeping, instance.process).push(instance.wakeAt, instance)
  }

  async deliver(ref: InstanceRef, message: InboxMessage): Promise<'delivered' | 'not found' | 'finished'> {
    const instance = this.#find(ref)
    if (instance === undefined) return 'not found'
    const known = (instance.knownMessages ??= new Map())
    if (known.has(message.id)) return 'delivered'
    if (isFinished(instance.status)) return 'finished'
    known.set(message.id, instance.run)
    ;(instance.inbox ??= []).push({ position: String(++this.#position), message: copyMessage(message) })
    if (instance.owner !== undefined) for (const listener of instance.deliveryListeners ?? []) queueMicrotask(listener)
    else if (wakes(instance.status, message.kind)) this.#enqueue(instance)
    return 'delivered'
  }

  async get(ref: InstanceRef): Promise<InstanceSummary | undefined> {
    return this.#find(ref)?.summary()
  }

  async *read(ref: InstanceRef, options: { readonly run?: number } = {}): AsyncIterable<JournalEntry> {
    const instance = this.#find(ref)
    if (instance === undefined) return
    const { run = instance.run } = options
    const entries = run === instance.run ? instance.entries : instance.previous?.run === run ? instance.previous.entries : []
    // A copy: the journal may grow while its reader takes its time.
    for (const entry of entries.slice()) yield copyEntry(entry)
  }

  async *list(options: ListOptions = {}): AsyncIterable<InstanceSummary> {
    const { process, status, after, limit = Infinity } = options
    const from = after === undefined ? -1 : this.#find(after)?.ordinal
    if (after !== undefined && from === undefined) throw new ProcessNotFoundError(after.process, after.id)
    const sources =
      process === undefined ? [...this.#instances.values()] : [this.#instances.get(process) ?? new Map<string, MemoryInstance>()]
    const found = sources
      .flatMap((ofProcess) => [...ofProcess.values()])
      .filter((instance) => instance.ordinal > (from ?? -1) && (status === undefined || instance.status === status))
      .sort((a, b) => a.ordinal - b.ordinal)
    let left = limit
    for (const instance of found) {
      if (left-- <= 0) return
      yield instance.summary()
    }
  }

  async delete(ref: InstanceRef): Promise<DeleteOutcome> {
    const instance = this.#find(ref)
    if (instance === undefined) return 'not found'
    if (!isFinished(instance.status)) return 'not finished'
    this.#remove(instance)
    return 'deleted'
  }

  async prune(options: { readonly status: FinishedStatus; readonly before: number; readonly limit: number }): Promise<number> {
    let removed = 0
    for (const ofProcess of this.#instances.values()) {
      for (const instance of ofProcess.values()) {
        if (removed >= options.limit) return removed
        if (instance.status !== options.status || instance.summary().updatedAt >= options.before) continue
        this.#remove(instance)
        removed++
      }
    }
    return removed
  }

  async saveShape(hash: string, description: string): Promise<void> {
    if (!this.#shapes.has(hash)) this.#shapes.set(hash, description)
  }

  async loadShape(hash: string): Promise<string | undefined> {
    return this.#shapes.get(hash)
  }

  onSettled(ref: InstanceRef, listener: () => void): () => void {
    const once = (): void => {
      if (listening) listener()
      listening = false
    }
    let listening = true
    const instance = this.#find(ref)
    if (instance === undefined) {
      const ofProcess = this.#awaited.get(ref.process) ?? new Map<string, Set<() => void>>()
      this.#awaited.set(ref.process, ofProcess)
      ofProcess.set(ref.id, (ofProcess.get(ref.id) ?? new Set()).add(once))
    } else if (isFinished(instance.status) || instance.status === 'stuck') queueMicrotask(once)
    else (instance.settledListeners ??= new Set()).add(once)
    return () => {
      listening = false
      this.#find(ref)?.settledListeners?.delete(once)
      this.#awaited.get(ref.process)?.get(ref.id)?.delete(once)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Nothing to give back: see invariant 3.
  }

  #find({ process, id }: InstanceRef): MemoryInstance | undefined {
    return this.#instances.get(process)?.get(id)
  }

  #remove(instance: MemoryInstance): void {
    this.#instances.get(instance.process)?.delete(instance.id)
    // A map's outgrown tables, once tenured, keep what they held alive until a full collection: let little hang on it.
    instance.entries = []
    instance.previous = undefined
  }

  #takeOver(instance: MemoryInstance, session: MemoryWorkerSession): ClaimedInstance {
    instance.ready = false
    instance.epoch++
    instance.takeovers++
    if (instance.status === 'parked') instance.status = instance.parkedFrom
    instance.wakeAt = undefined
    const journal = new MemoryInstanceJournal(instance, session)
    instance.owner = journal
    return { journal, summary: instance.summary(), takeovers: instance.takeovers }
  }

  #enqueue(instance: MemoryInstance): void {
    if (instance.ready) return
    instance.ready = true
    heapOf(this.#ready, instance.process).push(instance.ordinal, instance)
  }

  /** Sleepers woken by a message meanwhile, or parked anew with another time, are passed over. */
  #wakeSleepers(process: string, now: number): void {
    const sleeping = this.#sleeping.get(process)
    while (sleeping !== undefined && sleeping.leastKey <= now) {
      const due = sleeping.leastKey
      const instance = sleeping.pop()
      if (instance !== undefined && isAsleep(instance, due)) this.#enqueue(instance)
    }
  }

  #adoptListeners(instance: MemoryInstance): void {
    const ofProcess = this.#awaited.get(instance.process)
    const listeners = ofProcess?.get(instance.id)
    if (ofProcess === undefined || listeners === undefined) return
    instance.settledListeners = listeners
    ofProcess.delete(instance.id)
    if (ofProcess.size === 0) this.#awaited.delete(instance.process)
  }
}

/** Whether an instance still waits for this time. */
function isAsleep(instance: MemoryInstance, until: number): boolean {
  return instance.owner === undefined && instance.status === 'parked' && instance.wakeAt === until && !instance.ready
}

function heapOf(heaps: Map<string, MinHeap<MemoryInstance>>, process: string): MinHeap<MemoryInstance> {
  let heap = heaps.get(process)
  if (heap === undefined) heaps.set(process, (heap = new MinHeap()))
  return heap
}

/** Entry 0 of an instance's first run. */
function startedEntry({ input, at, shape }: StartRequest): JournalEntry {
  return shape === undefined ? { kind: 'started', at, run: 1, input } : { kind: 'started', at, run: 1, input, shape }
}

function checkId(what: string, value: string): void {
  if (value.length > MAX_ID_LENGTH)
    throw new InvalidIdError(what, value, `is ${value.length} UTF-16 units long; at most ${MAX_ID_LENGTH} are allowed`)
}
