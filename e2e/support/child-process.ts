/**
 * Real operating system processes under a test's control.
 *
 * Invariants
 * 1. A child never outlives the test: leaving its `await using` kills it, and so does the end of this process.
 * 2. Nothing it printed is lost to a `line` that asks later: lines are kept.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface RunOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Path of the Node to run; default this test's. */
  readonly program?: string
}

/** How a process ended. */
export interface ChildEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Standard output and standard error, line by line as they came. */
  readonly output: string
}

interface LineWaiter {
  readonly matches: RegExp
  readonly found: (match: RegExpMatchArray) => void
  readonly ended: (error: Error) => void
}

const alive = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

/** A child process that runs Node. */
export class NodeProcess implements AsyncDisposable {
  readonly pid: number
  readonly #child: ChildProcess
  readonly #lines: string[] = []
  readonly #end: Promise<ChildEnd>
  #waiters: LineWaiter[] = []
  #ended = false

  /** Starts `node ...args`. */
  constructor(args: readonly string[], options: RunOptions = {}) {
    const child = spawn(options.program ?? process.execPath, args, {
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      env: { ...plainEnvironment(), ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    this.pid = child.pid ?? -1
    alive.add(child)
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', (line) => this.#print(line))
    this.#end = this.#untilEnd()
  }

  /** What it printed so far. */
  get lines(): readonly string[] {
    return this.#lines
  }

  get output(): string {
    return this.#lines.join('\n')
  }

  /** The first line that matches, printed before or yet to come. */
  line(matches: RegExp): Promise<RegExpMatchArray> {
    for (const line of this.#lines) {
      const match = line.match(matches)
      if (match !== null) return Promise.resolve(match)
    }
    if (this.#ended) return Promise.reject(this.#noLine(matches))
    return new Promise((found, ended) => this.#waiters.push({ matches, found, ended }))
  }

  /** Sends a signal to this one process; false when it had ended. */
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): boolean {
    return this.#child.kill(name)
  }

  /** Resolves when the process has ended, by itself or not. */
  ended(): Promise<ChildEnd> {
    return this.#end
  }

  /** Kills it the hard way and waits until it is gone. */
  kill(): Promise<ChildEnd> {
    this.#child.kill('SIGKILL')
    return this.#end
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
  }

  #print(line: string): void {
    this.#lines.push(line)
    this.#waiters = this.#waiters.filter((waiter) => {
      const match = line.match(waiter.matches)
      if (match !== null) waiter.found(match)
      return match === null
    })
  }

  async #untilEnd(): Promise<ChildEnd> {
    const [code, signal] = (await once(this.#child, 'close')) as [number | null, NodeJS.Signals | null]
    alive.delete(this.#child)
    this.#ended = true
    for (const { matches, ended } of this.#waiters) ended(this.#noLine(matches))
    this.#waiters = []
    return { code, signal, output: this.output }
  }

  #noLine(matches: RegExp): Error {
    return new Error(`Process ${this.pid} ended without a line like ${matches}. It printed:\n${this.output}`)
  }
}

/** Runs `node ...args` to its end. */
export async function runNode(args: readonly string[], options: RunOptions = {}): Promise<ChildEnd> {
  await using child = new NodeProcess(args, options)
  return await child.ended()
}

/** What the test runner put into the environment is not for the programs under test. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:NODE_OPTIONS|NODE_V8_COVERAGE|VITEST|TEST|NODE_ENV|FORCE_COLOR)/.test(name),
  )
  return { ...Object.fromEntries(kept), NO_COLOR: '1' }
}
