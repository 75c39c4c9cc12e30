import type { VirtualTime } from './virtual-time.ts'

/** What happened in a simulation, as a hash of all lines and, where somebody wants to read it, the lines. */
export class EventLog {
  readonly lines: string[] | undefined
  readonly #time: VirtualTime
  #hash = 0x811c_9dc5

  constructor(time: VirtualTime, keep: boolean) {
    this.#time = time
    this.lines = keep ? [] : undefined
  }

  add(line: string): void {
    let hash = this.#hash ^ this.#time.now
    for (let i = 0; i < line.length; i++) hash = Math.imul(hash ^ line.charCodeAt(i), 0x0100_0193)
    this.#hash = hash
    this.lines?.push(`${String(this.#time.now).padStart(7)} ms  ${line}`)
  }

  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0')
  }
}
