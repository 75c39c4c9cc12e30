import type { StepContext } from '../../runtime/process/step-context.ts'
import type { Machine } from './machine.ts'
import type { Answer, Call } from './program.ts'
import { answer } from './program.ts'
import { NonRetryableError } from '../../runtime/contracts/errors.ts'
import type { World } from './world.ts'

/** Codes of engine faults: process code must never see one. */
const ENGINE_CODES = new Set([
  'fenced',
  'store-unavailable',
  'out-of-sequence',
  'non-determinism',
  'run-ended',
  'process-settled',
  'lost-call',
  'app-closed',
])

/** Between loading a journal and beginning with it, in milliseconds. */
const LONGEST_LOAD_MS = 500

const NEVER: Promise<never> = new Promise<never>(() => undefined)

/**
 * The outside of one activation of `SimulatedProcess`: what its code sees is noted here, what its bodies do happens here.
 *
 * Invariant: nothing on a dead machine is heard of, and nothing reaches it.
 */
export class Probe {
  /** Everything process code has seen, in order. */
  readonly trace: string[] = []
  readonly machine: Machine
  readonly #world: World
  readonly #createdAt: number
  #instance = ''
  #settled = false
  #cancellations = 0
  #lastTime = 0
  readonly #draws = new Set<number>()
  /** Signals received of each channel. */
  readonly #received = new Map<number, number>()

  constructor(world: World, machine: Machine) {
    this.#world = world
    this.machine = machine
    // News that waited for a paused machine may be as old as the pause was long.
    this.#createdAt = world.time.now - machine.resumedAt < LONGEST_LOAD_MS ? -Infinity : world.time.now
  }

  began(instance: string): void {
    this.#instance = instance
    if (!this.#gone) this.#world.activated(instance, this)
  }

  saw(uid: string, seen: Answer): void {
    if (seen.uid !== uid) this.#wrong(`call ${uid} got the result of ${seen.uid}`)
    this.#note(`${uid} = ${seen.value}`)
  }

  slept(path: string, forMs: number, atLeastMs: number): void {
    if (forMs < atLeastMs) this.#wrong(`a sleep of ${atLeastMs} ms at ${path} was over after ${forMs}`)
    this.#note(`${path} slept ${forMs}`)
  }

  /** Each signal is received once, and those of a channel in the order sent. */
  received(path: string, channel: number, number: number): void {
    const next = this.#received.get(channel) ?? 0
    if (number !== next) this.#wrong(`${path} received signal ${number} of channel ${channel}, and not ${next}`)
    this.#received.set(channel, next + 1)
    this.#note(`${path} received ${number}`)
  }

  tooLate(path: string, error: Error & { readonly code: string }): number {
    if (error.code !== 'wait-timeout') this.#wrong(`${path} waited in vain because of ${error.code}`)
    this.#note(`${path} waited in vain`)
    return 1
  }

  /** A step's call was rejected. */
  failed(uid: string, error: unknown): void {
    const { code } = error as { code?: unknown }
    if (code === 'cancelled' && ++this.#cancellations > 1) this.#wrong(`${uid} was cancelled after another call had been`)
    this.#note(`${uid} ! ${String((error as Error).message)}`)
  }

  caught(path: string, error: unknown): void {
    const { code, message } = error as { code?: unknown; message?: unknown }
    if (typeof code === 'string' && ENGINE_CODES.has(code))
      this.#wrong(`process code at ${path} caught an engine fault: ${String(message)}`)
    this.#note(`${path} caught ${String(message)}`)
  }

  settled(): void {
    this.#note('settled')
    // What else was due in these microtasks runs beside the end, not after it: no promise tells before they are done.
    process.nextTick(() => {
      this.#settled = true
    })
  }

  time(path: string, now: number): number {
    if (now < this.#lastTime) this.#wrong(`time went back from ${this.#lastTime} to ${now} at ${path}`)
    this.#lastTime = now
    this.#note(`${path} at ${now}`)
    return now
  }

  random(path: string, drawn: number): number {
    if (this.#draws.has(drawn)) this.#wrong(`${drawn} was drawn twice, again at ${path}`)
    this.#draws.add(drawn)
    this.#note(`${path} drew ${drawn}`)
    return drawn
  }

  /** The body of a step: takes its time, has its effect, ends as it is told to. */
  perform(step: string, call: Call, context: StepContext): Answer | Promise<Answer> {
    if (this.#gone) return NEVER
    if (this.#settled) this.#wrong(`the body of ${call.uid} began after execute had settled`)
    const { idempotencyKey: key, attempt } = context
    const { ledger, log } = this.#world
    const effect = (): void => ledger.effect({ instance: this.#instance, key, step, call })
    ledger.began({ instance: this.#instance, key, step, call })
    this.#notAgain(key)
    log.add(`${this.machine.name} ${this.#instance} body ${call.uid} attempt ${attempt}`)
    const behaviour = this.#world.behaviour(this.#instance, call.tag)
    if (behaviour.effect === 'begin') effect()
    this.#world.faults.inBody(this.machine)
    if (this.#gone) return NEVER
    const end = (): Answer => {
      if (attempt <= behaviour.failures) throw new Error(`${call.uid} failed in attempt ${attempt}`)
      if (behaviour.fatal) throw new NonRetryableError(`${call.uid} failed for good`)
      if (behaviour.effect === 'end') effect()
      return answer(call)
    }
    if (behaviour.durationMs === 0) return end()
    let ended = false
    const finish = (): void => {
      ended = true
      if (step === 'slow') this.machine.slowBodies--
    }
    if (step === 'slow') this.machine.slowBodies++
    return new Promise((resolve, reject) => {
      const stop = this.machine.after(behaviour.durationMs, () => {
        finish()
        try {
          resolve(end())
        } catch (error) {
          reject(error as Error)
        }
      })
      if (behaviour.onAbort === 'goes on') return
      context.signal.addEventListener('abort', () => {
        if (ended) return
        stop()
        finish()
        reject(context.signal.reason as Error)
      })
    })
  }

  async undo(result: Answer | undefined, call: Call, { idempotencyKey, attempt }: StepContext): Promise<void> {
    if (this.#gone) return NEVER
    const { instance, key } = undone(idempotencyKey)
    const world = this.#world
    world.log.add(`${this.machine.name} ${instance} undo ${call.uid} attempt ${attempt}`)
    if (result !== undefined && (result.uid !== call.uid || result.value !== answer(call).value))
      this.#wrong(`undo of ${call.uid} got the result ${JSON.stringify(result)}`)
    this.#notAgain(idempotencyKey)
    const behaviour = world.behaviour(instance, call.tag)
    await new Promise<void>((resolve) => this.machine.after(behaviour.durationMs / 2, resolve))
    if (attempt <= behaviour.undoFailures) throw new Error(`undo of ${call.uid} failed in attempt ${attempt}`)
    if (behaviour.undoBroken && !world.mended) throw new Error(`undo of ${call.uid} is broken`)
    world.ledger.undone({ instance, key, call, known: result !== undefined })
  }

  /** What was in the journal when this activation loaded it is not done once more. */
  #notAgain(key: string): void {
    const finishedAt = this.#world.record.finishedAt(key)
    if (finishedAt !== undefined && finishedAt + LONGEST_LOAD_MS < this.#createdAt)
      this.#wrong(`${key} was done again though the journal had it`)
  }

  get #gone(): boolean {
    return this.machine.state === 'dead'
  }

  #note(line: string): void {
    if (this.#gone) return
    this.trace.push(line)
    this.#world.log.add(`${this.machine.name} ${this.#instance} sees ${line}`)
  }

  #wrong(what: string): void {
    if (!this.#gone) this.#world.wrong(`${this.#instance}: ${what}`)
  }
}

/** Instance and key of the call that an undo's idempotency key names. */
function undone(idempotencyKey: string): { instance: string; key: string } {
  const key = idempotencyKey.slice(0, -'/undo'.length)
  return { instance: key.split('/')[1] ?? '', key }
}
