/**
 * What an editor does when a user debugs: breakpoints on source lines, steps that pass over generated code, locals.
 *
 * Invariants
 * 1. Only source maps tell where user code is; nothing here knows what the compiler emits.
 * 2. Libraries are skipped, as with `skipFiles`, and a step is repeated in its direction while it stops in generated code,
 *    as smart stepping does, for no more than `MOST_REPEATS`.
 */
import { pathToFileURL } from 'node:url'
import { dirname } from 'node:path'
import { NodeProcess } from '../support/child-process.ts'
import { Inspector } from './inspector.ts'
import { MappedScript, type ScriptPosition, type SourcePosition } from './mapped-script.ts'

interface CallFrame {
  readonly callFrameId: string
  readonly functionName: string
  readonly location: ScriptPosition & { readonly scriptId: string }
  readonly scopeChain: readonly { readonly type: string; readonly object: { readonly objectId: string } }[]
}

interface Paused {
  readonly reason: string
  readonly callFrames: readonly CallFrame[]
  readonly hitBreakpoints?: readonly string[]
}

type Step = 'stepOver' | 'stepInto' | 'stepOut'

const MOST_REPEATS = 20

// What `skipFiles` for Node's own modules and for installed packages come to: the inspector never stops in them.
const SKIPPED_FILES = ['^node:', '/node_modules/']

/** A stop in user code. */
export interface Stop extends SourcePosition {
  /** Name of the function as the debugger shows it. */
  readonly functionName: string
  /** How often the step was repeated to get out of generated code and libraries. */
  readonly repeats: number
}

export class DebugSession implements AsyncDisposable {
  readonly process: NodeProcess
  readonly #inspector: Inspector
  /** URL of the folder whose scripts are the user's. */
  readonly #ownScripts: string
  readonly #urls = new Map<string, string>()
  readonly #scripts = new Map<string, MappedScript | undefined>()
  #paused: Paused | undefined
  #onPaused: ((paused: Paused | undefined) => void) | undefined
  #closed = false

  private constructor(process: NodeProcess, inspector: Inspector, ownScripts: string) {
    this.process = process
    this.#inspector = inspector
    this.#ownScripts = ownScripts
    inspector.on('Debugger.scriptParsed', ({ scriptId, url }: { scriptId: string; url: string }) => this.#urls.set(scriptId, url))
    inspector.on('Debugger.paused', (paused: Paused) => this.#stopped(paused))
    inspector.on('NodeRuntime.waitingForDisconnect', () => this.#onPaused?.(undefined))
    inspector.onClosed(() => {
      this.#closed = true
      this.#onPaused?.(undefined)
    })
  }

  /** Starts a compiled script and stops before its first statement. */
  static async start(script: string, args: readonly string[] = []): Promise<DebugSession> {
    const child = new NodeProcess(['--inspect-brk=127.0.0.1:0', script, ...args])
    try {
      const inspector = await Inspector.attach(child)
      const session = new DebugSession(child, inspector, pathToFileURL(`${dirname(script)}/`).href)
      const firstPause = session.#nextPause()
      await inspector.send('Runtime.enable')
      await inspector.send('Debugger.enable')
      await inspector.send('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true })
      await inspector.send('Debugger.setAsyncCallStackDepth', { maxDepth: 32 })
      await inspector.send('Debugger.setBlackboxPatterns', { patterns: SKIPPED_FILES })
      await inspector.send('Runtime.runIfWaitingForDebugger')
      await firstPause
      return session
    } catch (error) {
      await child.kill()
      throw error
    }
  }

  /** Sets a breakpoint on a line of the source behind a compiled script. */
  async breakAt(script: string, source: string, line: number): Promise<void> {
    const { href } = pathToFileURL(script)
    const position = this.#script(href)?.breakpointAt(source, line)
    if (position === undefined) throw new Error(`No code of ${script} comes from line ${line} of ${source}.`)
    await this.#inspector.send('Debugger.setBreakpointByUrl', { url: href, ...position })
  }

  /** Runs on to the next breakpoint; nothing when the program ended before one. */
  async resume(): Promise<Stop | undefined> {
    await this.#go('resume')
    return this.#stop(0)
  }

  stepOver(): Promise<Stop | undefined> {
    return this.#step('stepOver')
  }

  stepInto(): Promise<Stop | undefined> {
    return this.#step('stepInto')
  }

  stepOut(): Promise<Stop | undefined> {
    return this.#step('stepOut')
  }

  /** What the variables pane shows of the function: its locals and those of the blocks around the stop, by name. */
  async locals(): Promise<Readonly<Record<string, unknown>>> {
    const scopes = (this.#paused?.callFrames[0]?.scopeChain ?? []).filter(({ type }) => type === 'local' || type === 'block')
    const found: Record<string, unknown> = {}
    for (const { object } of scopes.toReversed()) {
      const { result } = await this.#inspector.send<{ result: readonly { name: string; value?: { value?: unknown } }[] }>(
        'Runtime.getProperties',
        { objectId: object.objectId, ownProperties: true },
      )
      for (const { name, value } of result) found[name] = value?.value
    }
    return found
  }

  /** Value of an expression where the program stands, as a watch shows it. */
  async evaluate(expression: string): Promise<unknown> {
    const callFrameId = this.#paused?.callFrames[0]?.callFrameId
    const { result, exceptionDetails } = await this.#inspector.send<{ result: { value?: unknown }; exceptionDetails?: { text: string } }>(
      'Debugger.evaluateOnCallFrame',
      { callFrameId, expression, returnByValue: true },
    )
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${exceptionDetails.text}`)
    return result.value
  }

  /** Source lines of the frames of user code on the stack, innermost first. */
  userFrames(): readonly { readonly functionName: string; readonly line: number }[] {
    return (this.#paused?.callFrames ?? []).flatMap((frame) => {
      const source = this.#sourceOf(frame)
      return source === undefined ? [] : [{ functionName: frame.functionName, line: source.line }]
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#inspector[Symbol.dispose]()
    await this.process.kill()
  }

  async #step(direction: Step): Promise<Stop | undefined> {
    for (let repeats = 0; repeats <= MOST_REPEATS; repeats++) {
      // Promise hooks are called from native code, which no blackboxing covers: out of them, as editors do.
      await this.#go(repeats > 0 && this.#isInNode() ? 'stepOut' : direction)
      const stop = this.#stop(repeats)
      if (stop !== undefined || this.#paused === undefined) return stop
      // A breakpoint in generated code would be a fault of the map: stopping there is what the user would see.
      if ((this.#paused.hitBreakpoints ?? []).length > 0) throw new Error(`Stopped at a breakpoint in generated code: ${this.#where()}.`)
    }
    throw new Error(`${direction} did not come back to user code in ${MOST_REPEATS} steps; it is at ${this.#where()}.`)
  }

  async #go(command: Step | 'resume'): Promise<void> {
    const next = this.#nextPause()
    this.#paused = undefined
    // The program may end before it answers.
    this.#inspector.send(`Debugger.${command}`).catch(() => undefined)
    await next
  }

  #nextPause(): Promise<Paused | undefined> {
    if (this.#closed) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      this.#onPaused = resolve
    })
  }

  #stopped(paused: Paused): void {
    this.#paused = paused
    this.#onPaused?.(paused)
  }

  #isInNode(): boolean {
    const frame = this.#paused?.callFrames[0]
    return frame !== undefined && (this.#urls.get(frame.location.scriptId)?.startsWith('node:') ?? false)
  }

  #stop(repeats: number): Stop | undefined {
    const frame = this.#paused?.callFrames[0]
    const source = frame === undefined ? undefined : this.#sourceOf(frame)
    return source === undefined ? undefined : { ...source, functionName: String(frame?.functionName), repeats }
  }

  #sourceOf({ location }: CallFrame): SourcePosition | undefined {
    const url = this.#urls.get(location.scriptId) ?? ''
    return url.startsWith(this.#ownScripts) ? this.#script(url)?.sourceOf(location) : undefined
  }

  #script(url: string): MappedScript | undefined {
    if (!this.#scripts.has(url)) this.#scripts.set(url, MappedScript.read(url))
    return this.#scripts.get(url)
  }

  #where(): string {
    const frame = this.#paused?.callFrames[0]
    return frame === undefined
      ? 'its end'
      : `${this.#urls.get(frame.location.scriptId)}:${frame.location.lineNumber + 1}:${frame.location.columnNumber + 1}`
  }
}
