import { dueAt, signalName, timeoutOf } from './due-at.ts'
import type { SiteManifest } from './manifest.ts'
import type { Run } from './run.ts'
import type { WaitFrame } from './token.ts'
import { WaitCall, type WaitRequest } from './wait-call.ts'

/** A place in process code where it waits, about to be reached: what is wrong with the arguments rejects, as it does later. */
export class WaitSite implements WaitFrame {
  readonly #run: Run
  readonly #path: string
  readonly #site: SiteManifest
  readonly #count: () => number

  constructor(run: Run, path: string, site: SiteManifest, count: () => number) {
    this.#run = run
    this.#path = path
    this.#site = site
    this.#count = count
  }

  sleep(until: unknown): Promise<unknown> {
    return this.#wait((now) => ({ signal: undefined, timeoutMs: undefined, dueAt: dueAt(until, now) }))
  }

  waitFor(signal: unknown, options?: { readonly timeoutMs?: unknown }): Promise<unknown> {
    return this.#wait((now) => {
      const timeoutMs = timeoutOf(options?.timeoutMs)
      return { signal: signalName(signal), timeoutMs, dueAt: timeoutMs === undefined ? undefined : dueAt(timeoutMs, now) }
    })
  }

  tryWaitFor(signal: unknown, options?: { readonly timeoutMs?: unknown }): Promise<unknown> {
    return this.waitFor(signal, options)
  }

  #wait(request: (now: number) => WaitRequest): Promise<unknown> {
    const n = this.#count()
    try {
      const asked = request(this.#run.now)
      return this.#run.admitWait(new WaitCall(this.#run, this.#path, this.#site, n, asked))
    } catch (error) {
      return Promise.reject(error as Error)
    }
  }
}
