import { CatgaProcess, defineSignal, ProcessStep, keyed, sleep, stepContext, tryWaitFor, waitFor } from 'catga'
import type { Answer, Call, Job, Program } from './program.ts'
import { channelName, CHANNELS, digest, mix, signalValue } from './program.ts'
import type { Probe } from './probe.ts'

const SIGNALS = Array.from({ length: CHANNELS }, (_each, channel) => defineSignal<number>(channelName(channel)))

/** Interprets the program it is started with, by every construct the compiler supports, and tells the probe all it sees. */
@CatgaProcess({ name: 'Simulated' })
export class SimulatedProcess {
  private readonly probe: Probe

  constructor(probe: Probe) {
    this.probe = probe
  }

  async execute(job: Job): Promise<number> {
    this.probe.began(job.id)
    try {
      return await this.run(job.root, 'r', job.start)
    } catch (error) {
      this.probe.caught('execute', error)
      throw error
    } finally {
      this.probe.settled()
    }
  }

  private async run(program: Program, path: string, given: number): Promise<number> {
    let value = given
    switch (program.kind) {
      case 'step':
        return this.step(program.step, { uid: path, tag: program.tag, mix: value })
      case 'thrice': {
        value = this.see(`${path}a`, value, await this.plain({ uid: `${path}a`, tag: program.tag, mix: value }))
        value = this.see(`${path}b`, value, await this.plain({ uid: `${path}b`, tag: program.tag, mix: value }))
        const [left, right] = await Promise.all([
          this.reserve({ uid: `${path}c`, tag: program.tag, mix: value }),
          this.reserve({ uid: `${path}d`, tag: program.tag, mix: value }),
        ])
        return this.see(`${path}d`, this.see(`${path}c`, value, left), right)
      }
      case 'sequence':
        for (let i = 0; i < program.items.length; i++) value = await this.run(program.items[i]!, `${path}.${i}`, value)
        return value
      case 'branch':
        return value % 2 === 0 ? await this.run(program.even, `${path}e`, value) : await this.run(program.odd, `${path}o`, value)
      case 'loop':
        for (let i = 0; i < program.times; i++) {
          value = await this.run(program.body, `${path}*${i}`, value)
          if (value % 5 === 0) break
        }
        return value
      case 'attempt':
        return this.attempt(program, path, value)
      case 'early': {
        const early = this.plain({ uid: `${path}y`, tag: program.tag, mix: value })
        try {
          value = await this.run(program.meanwhile, `${path}m`, value)
        } finally {
          value = this.see(`${path}y`, value, await early)
        }
        return value
      }
      case 'clock':
        return mix(value, this.probe.time(path, Date.now()) % 1000)
      case 'dice':
        return mix(value, Math.floor(this.probe.random(path, Math.random()) * 1000))
      case 'sleep':
      case 'wait':
      case 'try wait':
        return this.wait(program, path, value)
      case 'raise':
        throw new Error(`${program.message} at ${path}`)
      default:
        return this.beside(program, path, value)
    }
  }

  private async beside(program: Exclude<Program, { kind: 'step' }>, path: string, value: number): Promise<number> {
    switch (program.kind) {
      case 'all': {
        const parts = await Promise.all(program.items.map(async (item, i) => this.run(item, `${path}|${i}`, value)))
        return parts.reduce(mix, value)
      }
      case 'settled': {
        const parts = await Promise.allSettled(program.items.map(async (item, i) => await this.run(item, `${path}|${i}`, value)))
        return parts
          .map((part) => (part.status === 'fulfilled' ? part.value : digest(String((part.reason as Error).message))))
          .reduce(mix, value)
      }
      case 'race':
        return await Promise.race(program.items.map((item, i) => this.run(item, `${path}|${i}`, value)))
      case 'any':
        return await Promise.any(program.items.map(async (item, i) => await this.run(item, `${path}|${i}`, value)))
      case 'keyed': {
        const parts = await Promise.all(
          program.items.map((item, i) => keyed(`k/${program.items.length - i}`, () => this.run(item, `${path}|${i}`, value))),
        )
        return parts.reduce(mix, value)
      }
      case 'pool': {
        const queue = program.items.map((item, i) => ({ item, i }))
        const parts: number[] = program.items.map(() => 0)
        const work = async (): Promise<void> => {
          for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
            parts[next.i] = await this.run(next.item, `${path}|${next.i}`, value)
          }
        }
        await Promise.all(Array.from({ length: program.width }, work))
        return parts.reduce(mix, value)
      }
      default:
        return value
    }
  }

  private async wait(program: Extract<Program, { kind: 'sleep' | 'wait' | 'try wait' }>, path: string, value: number): Promise<number> {
    try {
      switch (program.kind) {
        case 'sleep': {
          const began = Date.now()
          // Virtual time has halves of milliseconds, and dates have none.
          const until = program.until === 'date' ? new Date(began + program.ms) : program.ms
          await sleep(until)
          this.probe.slept(path, Date.now() - began, typeof until === 'number' ? until : until.getTime() - began)
          return value
        }
        case 'wait': {
          const number = await waitFor(SIGNALS[program.channel]!)
          this.probe.received(path, program.channel, number)
          return mix(value, signalValue(program.channel))
        }
        case 'try wait': {
          const answer = await tryWaitFor(SIGNALS[program.channel]!, { timeoutMs: program.timeoutMs })
          if (!answer.ok) return mix(value, this.probe.tooLate(path, answer.error))
          this.probe.received(path, program.channel, answer.value)
          return mix(value, signalValue(program.channel))
        }
      }
    } catch (error) {
      this.probe.failed(path, error)
      throw error
    }
  }

  private async attempt(program: Extract<Program, { kind: 'attempt' }>, path: string, given: number): Promise<number> {
    let value = given
    try {
      value = await this.run(program.body, `${path}t`, value)
    } catch (error) {
      this.probe.caught(path, error)
      if (program.recover === undefined) throw error
      value = await this.run(program.recover, `${path}c`, mix(value, digest(String((error as Error).message))))
    } finally {
      if (program.last !== undefined) value = mix(value, await this.run(program.last, `${path}f`, value))
    }
    return value
  }

  private async step(step: 'plain' | 'quick' | 'reserve' | 'charge' | 'slow', call: Call): Promise<number> {
    try {
      switch (step) {
        case 'plain':
          return this.see(call.uid, call.mix, await this.plain(call))
        case 'quick':
          return this.seeQuick(call, await this.quick(call.uid, call.tag, call.mix))
        case 'reserve':
          return this.see(call.uid, call.mix, await this.reserve(call))
        case 'charge':
          return this.see(call.uid, call.mix, await this.charge(call))
        case 'slow':
          return this.see(call.uid, call.mix, await this.slow(call))
      }
    } catch (error) {
      this.probe.failed(call.uid, error)
      throw error
    }
  }

  private see(uid: string, value: number, answer: Answer): number {
    this.probe.saw(uid, answer)
    return mix(value, answer.value)
  }

  private seeQuick(call: Call, value: number): number {
    this.probe.saw(call.uid, { uid: call.uid, value })
    return mix(call.mix, value)
  }

  @ProcessStep({ retry: { attempts: 3, backoffMs: 20, jitter: 0.5 } })
  private async plain(call: Call): Promise<Answer> {
    return this.probe.perform('plain', call, stepContext())
  }

  @ProcessStep({ name: 'quick, with primitives', retry: 1 })
  private async quick(uid: string, tag: number, input: number): Promise<number> {
    const { value } = await this.probe.perform('quick', { uid, tag, mix: input }, stepContext())
    return value
  }

  @ProcessStep({ retry: { attempts: 2, backoffMs: 10 }, compensate: 'release' })
  private async reserve(call: Call): Promise<Answer> {
    return this.probe.perform('reserve', call, stepContext())
  }

  @ProcessStep({ retry: { attempts: 2, backoffMs: 10 }, compensate: 'refund', compensateWhen: 'attempted' })
  private async charge(call: Call): Promise<Answer> {
    return this.probe.perform('charge', call, stepContext())
  }

  @ProcessStep({ retry: { attempts: 2, backoffMs: 10 }, timeoutMs: 60, compensate: 'release' })
  private async slow(call: Call): Promise<Answer> {
    return this.probe.perform('slow', call, stepContext())
  }

  protected async release(result: Answer, call: Call): Promise<void> {
    await this.probe.undo(result, call, stepContext())
  }

  protected async refund(result: Answer | undefined, call: Call): Promise<void> {
    await this.probe.undo(result, call, stepContext())
  }
}
