import type { App } from '../../runtime/process/app.ts'
import type { Client } from '../../runtime/process/client.ts'
import { CatgaError } from '../../runtime/contracts/errors.ts'
import type { Machine } from './machine.ts'
import type { PlannedSignal } from './plan.ts'
import { channelName, type Job } from './program.ts'
import { SimulatedProcess } from './simulated.process.ts'
import type { World } from './world.ts'

export const PROCESS = 'Simulated'
/** How long a client waits before it asks again. */
const ASK_AGAIN_MS = 150
const CANCEL_TRIES = 20

/** What a wait for an instance came to. */
type Heard = 'ended' | 'stuck' | 'unknown'

/**
 * Everybody who starts instances, follows them to their end, cancels them, and mends what is stuck.
 *
 * Invariants
 * 1. Whoever gets no answer asks again, until it has one.
 * 2. All who hear of the end of an instance hear the same.
 */
export class Clients {
  /** How each instance ended, as somebody heard it: `completed 12`, `failed <message>`, `cancelled`. */
  readonly ends = new Map<string, string>()
  readonly acknowledged = new Set<string>()
  readonly #world: World
  readonly #client: Client
  readonly #machine: Machine
  /** How many on each machine wait for something. */
  readonly #waits = new Map<Machine, number>()

  constructor(world: World, client: Client, machine: Machine) {
    this.#world = world
    this.#client = client
    this.#machine = machine
  }

  /** How many wait on machines that are alive, or on those that are not. */
  waiting(whom: 'living' | 'dead'): number {
    let waits = 0
    for (const [{ state }, some] of this.#waits) if ((state === 'dead') === (whom === 'dead')) waits += some
    return waits
  }

  /** Starts an instance on a worker; if that does not answer, elsewhere. The id makes it the same instance. */
  startOn(app: App, machine: Machine, job: Job): void {
    void this.#counted(machine, async () => {
      try {
        const handle = await app.start(SimulatedProcess, job, { id: job.id })
        this.#acknowledge(job.id, machine)
        await this.#hear(job.id, () => handle.result(), machine)
      } catch (error) {
        this.#expectUnavailable(`start ${job.id}`, error)
      }
    })
    this.#machine.after(ASK_AGAIN_MS, () => this.start(job))
  }

  /** Starts an instance with no code of it and follows it to its end. */
  start(job: Job): void {
    void this.#counted(this.#machine, () => this.#startAndFollow(job))
  }

  async cancel(id: string): Promise<void> {
    for (let tries = 0; tries < CANCEL_TRIES; tries++) {
      try {
        const taken = await this.#client.cancel({ process: PROCESS, id }, 'the simulation says so')
        this.#world.counters.add(taken ? 'cancels' : 'cancels too late')
        return
      } catch (error) {
        if ((error as { code?: string }).code !== 'process-not-found') this.#expectUnavailable(`cancel ${id}`, error)
        await this.#later(ASK_AGAIN_MS)
      }
    }
  }

  /** Sends signals of one channel, each until the store has it, or the instance has ended. */
  async signal(id: string, signals: readonly PlannedSignal[]): Promise<void> {
    for (const { channel, number, at } of signals) {
      await this.#later(Math.max(0, at - this.#world.time.now))
      for (let sent = false; !sent;) {
        if (this.ends.has(id)) return
        try {
          await this.#client.signal({ process: PROCESS, id }, channelName(channel), number, { messageId: `${channel}/${number}` })
          this.#world.counters.add('signals')
          sent = true
        } catch (error) {
          const { code } = error as { code?: string }
          if (code === 'process-finished') return
          if (code !== 'process-not-found') this.#expectUnavailable(`signal ${id}`, error)
          await this.#later(ASK_AGAIN_MS)
        }
      }
    }
  }

  async #startAndFollow(job: Job): Promise<void> {
    const process = this.#client.process<SimulatedProcess>(PROCESS)
    for (;;) {
      try {
        const handle = await process.start(job, { id: job.id })
        this.#acknowledge(job.id, this.#machine)
        return await this.#follow(job.id, () => handle.result())
      } catch (error) {
        this.#expectUnavailable(`start ${job.id}`, error)
        await this.#later(ASK_AGAIN_MS)
      }
    }
  }

  #acknowledge(id: string, machine: Machine): void {
    this.#world.log.add(`${machine.name} has started ${id}`)
    this.acknowledged.add(id)
  }

  /** Waits for the end, again and again when the store does not answer, and mends what is stuck, as an operator would. */
  async #follow(id: string, result: () => Promise<number>): Promise<void> {
    for (;;) {
      const heard = await this.#hear(id, result, this.#machine)
      if (heard === 'ended') return
      if (heard === 'stuck') await this.#mend(id)
      await this.#later(ASK_AGAIN_MS * 4)
    }
  }

  async #mend(id: string): Promise<void> {
    this.#world.mended = true
    try {
      await this.#client.resume({ process: PROCESS, id })
      this.#world.counters.add('resumes')
    } catch (error) {
      this.#expectUnavailable(`resume ${id}`, error)
    }
  }

  async #hear(id: string, result: () => Promise<number>, machine: Machine): Promise<Heard> {
    try {
      this.#ended(id, `completed ${await result()}`, machine)
      return 'ended'
    } catch (error) {
      const { code, cause } = error as { code?: string; cause?: unknown }
      if (code === 'process-stuck') return this.#isStuck(id, cause)
      if (code === 'process-failed') this.#ended(id, `failed ${(cause as Error).message}`, machine)
      else if (code === 'cancelled') this.#ended(id, 'cancelled', machine)
      else {
        this.#expectUnavailable(`result of ${id}`, error)
        return 'unknown'
      }
      return 'ended'
    }
  }

  /** Only an undo that keeps failing may leave an instance stuck here: the code is always the same, and right. */
  #isStuck(id: string, because: unknown): 'stuck' {
    if ((because as { code?: string }).code !== 'undo-failed') this.#world.wrong(`${id} is stuck: ${String((because as Error).message)}`)
    this.#world.counters.add('times an instance was found stuck')
    return 'stuck'
  }

  #ended(id: string, end: string, machine: Machine): void {
    this.#world.log.add(`${machine.name} hears ${id} ${end}`)
    const before = this.ends.get(id)
    if (before === undefined) this.ends.set(id, end)
    else if (before !== end) this.#world.wrong(`${id} ended "${before}" and "${end}"`)
  }

  async #counted(machine: Machine, work: () => Promise<void>): Promise<void> {
    this.#waits.set(machine, (this.#waits.get(machine) ?? 0) + 1)
    await work()
    this.#waits.set(machine, this.#waits.get(machine)! - 1)
  }

  #later(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.#machine.after(delayMs, resolve))
  }

  #expectUnavailable(what: string, error: unknown): void {
    if (!isUnavailable(error)) this.#world.wrong(`${what} threw ${String((error as Error).stack)}`)
  }
}

/** Whether an error says no more than that the store or the worker was not there. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof CatgaError && (error.code === 'store-unavailable' || error.code === 'app-closed' || error.code === 'fenced')
}
