/**
 * One activation of `execute`, a helper or a closure in process code: names the durable calls made in it.
 *
 * Invariants
 * 1. Identity is lexical: path of enclosing activations, call site, occurrence at that site in this activation. Activations
 *    that run concurrently share no counter.
 * 2. The order in which one activation reaches its sites depends only on journaled results.
 */
import { DuplicateKeyError, LimitExceededError } from '../contracts/errors.ts'
import { childScope, escapeName } from './call-path.ts'
import { logTo } from './plain-log.ts'
import { DerivedRandom, temporalAt } from './derived.ts'
import type { FunctionManifest, ProcessManifest, SiteManifest, StepManifest } from './manifest.ts'
import type { Run } from './run.ts'
import { StepCall } from './step-call.ts'
import type { ScopeFrame, StepFrame, Token } from './token.ts'
import { leaveToken } from './token.ts'
import { WaitCall } from './wait-call.ts'
import { type GivenOptions, signalRequest, sleepRequest, type WaitRequest } from './wait-request.ts'

/** Longest path of nested activations, in UTF-16 units. */
const MAX_PATH = 4096

/** The scope the next `branch()` opens when it is called through `keyed`. */
let keyedPath: string | undefined

export class Scope implements ScopeFrame {
  readonly run: Run
  readonly path: string
  readonly #function: FunctionManifest
  readonly #counts: number[]
  #branchCounts: number[] | undefined
  #keys: Set<string> | undefined
  #random: DerivedRandom | undefined
  /** Whether this activation runs beside its caller, which then may go on while it is open. */
  readonly #concurrent: boolean

  constructor(run: Run, path: string, fn: FunctionManifest, concurrent: boolean) {
    if (path.length > MAX_PATH)
      throw new LimitExceededError(
        'depth',
        `Nesting of helpers and closures at ${path.slice(0, 60)}…`,
        path.length,
        MAX_PATH,
        'Process code recurses without end, or a key is very long.',
      )
    this.run = run
    this.path = path
    this.#function = fn
    this.#counts = fn.sites.length === 1 ? [0] : new Array<number>(fn.sites.length).fill(0)
    this.#concurrent = concurrent
    if (concurrent) run.delivery.strandOpened()
  }

  call(index: number, args: unknown[]): unknown[] {
    const site = this.#function.sites[index]!
    const n = this.#counts[index]!++
    if (site.kind === 'step') {
      const call = new StepCall(this.run, this.path, site, n)
      const copies = call.take(args)
      leaveToken(call)
      return copies
    }
    leaveToken(new HelperCall(this, site, n))
    return args
  }

  sleep(index: number, until: unknown): Promise<unknown> {
    return this.#wait(index, (now) => sleepRequest(until, now))
  }

  waitFor(index: number, signal: unknown, options?: GivenOptions): Promise<unknown> {
    return this.#wait(index, (now) => signalRequest(signal, options, now))
  }

  /** The site says that it is one that answers a timeout as a value. */
  tryWaitFor(index: number, signal: unknown, options?: GivenOptions): Promise<unknown> {
    return this.waitFor(index, signal, options)
  }

  /** What is wrong with the arguments rejects: a promise is what the caller handles. */
  #wait(index: number, request: (now: number) => WaitRequest): Promise<unknown> {
    const n = this.#counts[index]!++
    const { run } = this
    let call: WaitCall
    try {
      call = new WaitCall(run, this.path, this.#function.sites[index]!, n, request(run.now))
    } catch (error) {
      return Promise.reject(error as Error)
    }
    return run.admitWait(call)
  }

  branch(index: number): ScopeFrame {
    const fn = this.#function.branches[index]!
    const keyed = keyedPath
    keyedPath = undefined
    if (keyed !== undefined) return new Scope(this.run, keyed, fn, true)
    const counts = (this.#branchCounts ??= new Array<number>(this.#function.branches.length).fill(0))
    return new Scope(this.run, childScope(this.path, fn.name, counts[index]!++), fn, true)
  }

  close(): void {
    if (this.#concurrent) this.run.delivery.strandClosed()
  }

  keyed<T>(key: string | number | bigint, run: () => T): T {
    const name = `=${escapeName(String(key))}`
    const keys = (this.#keys ??= new Set())
    if (keys.has(name)) throw new DuplicateKeyError(String(key), this.path === '' ? 'execute' : this.path)
    keys.add(name)
    keyedPath = childScope(this.path, name, 0)
    try {
      return run()
    } finally {
      keyedPath = undefined
    }
  }

  now(): number {
    return this.run.now
  }

  date(): Date {
    return new Date(this.run.now)
  }

  random(): number {
    return this.#source().float()
  }

  randomUUID(): string {
    return this.#source().uuid()
  }

  getRandomValues<T extends ArrayBufferView>(array: T): T {
    this.#source().fillBytes(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    return array
  }

  performanceNow(): number {
    return this.run.now - this.run.startedAt
  }

  temporalNow(method: string, ...args: unknown[]): unknown {
    return temporalAt(this.run.now, method, args)
  }

  log(method: string, ...args: unknown[]): void {
    if (!this.run.delivery.replaying) logTo(method, args)
  }

  #source(): DerivedRandom {
    return (this.#random ??= new DerivedRandom(`${this.run.seed}\0${this.path}`))
  }
}

class HelperCall implements Token {
  readonly #scope: Scope
  readonly #site: SiteManifest
  readonly #n: number

  constructor(scope: Scope, site: SiteManifest, n: number) {
    this.#scope = scope
    this.#site = site
    this.#n = n
  }

  enterFunction(self: object, manifest: ProcessManifest, index: number): ScopeFrame {
    const fn = manifest.functions[index]!
    const { run, path } = this.#scope
    if (run.instance !== self || this.#site.method !== fn.name) throw run.lostCall(fn.name)
    return new Scope(run, childScope(path, this.#site.site, this.#n), fn, this.#site.mode === 'detached')
  }

  enterStep(_self: object, step: StepManifest): StepFrame {
    throw this.#scope.run.lostCall(step.method)
  }
}

/** Token for `execute` itself. */
export class RootCall implements Token {
  readonly #run: Run

  constructor(run: Run) {
    this.#run = run
  }

  enterFunction(self: object, manifest: ProcessManifest, index: number): ScopeFrame {
    const fn = manifest.functions[index]!
    if (this.#run.instance !== self || fn.name !== 'execute') throw this.#run.lostCall(fn.name)
    return new Scope(this.#run, '', fn, false)
  }

  enterStep(_self: object, step: StepManifest): StepFrame {
    throw this.#run.lostCall(step.method)
  }
}
