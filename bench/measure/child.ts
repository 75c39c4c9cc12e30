import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A Node process of a benchmark, read line by line. It is killed when disposed of. */
export class Child implements AsyncDisposable {
  readonly #process: ChildProcess
  readonly #lines: AsyncIterator<string>
  #errors = ''

  constructor(args: readonly string[], cwd?: string) {
    const env = { ...process.env, NODE_OPTIONS: '' }
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env, ...(cwd !== undefined && { cwd }) })
    child.stderr.on('data', (chunk: Buffer) => (this.#errors += chunk.toString()))
    this.#process = child
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  }

  /** The next line that it prints and `wanted` takes. */
  async line(wanted: (line: string) => boolean = () => true): Promise<string> {
    for (;;) {
      const next = await this.#lines.next()
      if (next.done === true) throw new Error(`The child ended before it said what was waited for.\n${this.#errors}`)
      if (wanted(next.value)) return next.value
    }
  }

  /** SIGKILL: no handler runs, nothing is flushed. Resolves when it is gone. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const gone = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await gone
  }

  async end(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) await once(this.#process, 'exit')
    if (this.#process.exitCode !== 0) throw new Error(`The child failed.\n${this.#errors}`)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill()
  }
}
