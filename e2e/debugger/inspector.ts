/**
 * One connection to the inspector of a Node process: commands with answers, and events.
 */
import type { NodeProcess } from '../support/child-process.ts'
import { WebSocketClient } from './web-socket.ts'

interface Answer {
  readonly id?: number
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

interface Pending {
  readonly method: string
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

export class Inspector implements Disposable {
  readonly #handlers = new Map<string, (params: never) => void>()
  readonly #pending = new Map<number, Pending>()
  readonly #process: NodeProcess
  #socket: WebSocketClient | undefined
  #lastId = 0
  #onClosed: () => void = () => undefined

  private constructor(process: NodeProcess) {
    this.#process = process
  }

  /** Connects to a process that was started with `--inspect` or `--inspect-brk`. */
  static async attach(process: NodeProcess): Promise<Inspector> {
    const inspector = new Inspector(process)
    const listening = await process.line(/^Debugger listening on (ws:\S+)/)
    inspector.#socket = await WebSocketClient.connect(
      String(listening[1]),
      (text) => inspector.#receive(JSON.parse(text) as Answer),
      () => inspector.#closed(),
    )
    return inspector
  }

  /** Calls `handler` with the parameters of each event of this name. */
  on<Params>(event: string, handler: (params: Params) => void): void {
    this.#handlers.set(event, handler)
  }

  /** Calls `handler` once when the connection is gone. */
  onClosed(handler: () => void): void {
    this.#onClosed = handler
  }

  send<Result>(method: string, params: object = {}): Promise<Result> {
    const id = ++this.#lastId
    this.#socket?.send(JSON.stringify({ id, method, params }))
    return new Promise<unknown>((resolve, reject) => this.#pending.set(id, { method, resolve, reject })) as Promise<Result>
  }

  [Symbol.dispose](): void {
    this.#socket?.close()
  }

  #receive({ id, method, params, result, error }: Answer): void {
    if (id === undefined) return this.#handlers.get(String(method))?.(params as never)
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    if (error === undefined) pending?.resolve(result)
    else pending?.reject(new Error(`${pending.method}: ${error.message}`))
  }

  #closed(): void {
    const error = new Error(`The connection to the inspector is closed. The process printed:\n${this.#process.output}`)
    for (const { reject } of this.#pending.values()) reject(error)
    this.#pending.clear()
    this.#onClosed()
  }
}
