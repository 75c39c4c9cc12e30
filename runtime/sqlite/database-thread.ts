import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Batch, OpenOptions, Reply } from './protocol.ts'

/** The thread that holds the database: takes one batch at a time. */
export class DatabaseThread {
  readonly #options: OpenOptions
  #worker: Worker | undefined
  #waiting: { readonly resolve: (reply: Reply) => void; readonly reject: (error: Error) => void } | undefined

  constructor(options: OpenOptions) {
    this.#options = options
  }

  /** Sends a batch; nothing else may be under way. Rejects when the thread dies, and then a new one is started by the next call. */
  execute(batch: Batch): Promise<Reply> {
    const worker = (this.#worker ??= this.#start())
    // Only work under way keeps the OS process alive.
    worker.ref()
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      worker.postMessage(
        batch,
        batch.logs.map(({ records }) => records.buffer),
      )
    })
  }

  async stop(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
  }

  #start(): Worker {
    const worker = startWorker(this.#options)
    worker.on('message', (reply: Reply) => {
      const waiting = this.#waiting
      this.#waiting = undefined
      worker.unref()
      waiting?.resolve(reply)
    })
    worker.on('error', (error) => this.#died(worker, error))
    worker.on('exit', (code) => this.#died(worker, new Error(`the database thread ended with code ${code}`)))
    return worker
  }

  #died(worker: Worker, error: Error): void {
    // An error is followed by an exit, when another thread may be at work already.
    if (this.#worker !== worker) return
    this.#worker = undefined
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.reject(error)
  }
}

/**
 * Built, the thread's module is JavaScript beside this one. From source (tests of this repository) it is TypeScript, which
 * Node runs as it is from 22.18 on; before that tsx, there for development, has to be loaded into the thread first.
 */
function startWorker(workerData: OpenOptions): Worker {
  const isSource = import.meta.url.endsWith('.ts')
  const module = new URL(isSource ? './thread/sqlite-thread.ts' : './thread/sqlite-thread.js', import.meta.url)
  if (!isSource || 'typescript' in process.features) return new Worker(module, { workerData, execArgv: [] })
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm/api')).href.replace(/\.cjs$/, '.mjs')
  return new Worker(
    `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(module.href)}) })`,
    { eval: true, workerData, execArgv: [] },
  )
}
