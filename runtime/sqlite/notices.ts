import type { InstanceRef } from '../contracts/journal-store.ts'
import type { GroupCommit } from './group-commit.ts'
import { toUtf16 } from './utf16.ts'

interface Awaited {
  readonly ref: InstanceRef
  readonly listeners: Set<() => void>
}

interface Mail {
  readonly listeners: Set<() => void>
  /** Last message of which the listeners have been told, as far as polling knows. */
  seen: number
}

/**
 * Tells who waits for a message or an end. What this store does itself is told at once; what other OS processes do is
 * found by asking the database whether anything changed, every `intervalMs`, only while somebody waits.
 */
export class Notices {
  readonly #commit: GroupCommit
  readonly #intervalMs: number
  readonly #settled = new Map<string, Awaited>()
  readonly #mail = new Map<number, Mail>()
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(commit: GroupCommit, intervalMs: number) {
    this.#commit = commit
    this.#intervalMs = intervalMs
  }

  onDelivery(instance: number, listener: () => void): () => void {
    const mail = this.#mail.get(instance) ?? { listeners: new Set(), seen: 0 }
    this.#mail.set(instance, mail)
    // A function of its own, so that one listener given twice counts twice.
    const tell = (): void => listener()
    mail.listeners.add(tell)
    this.#watch()
    return () => {
      mail.listeners.delete(tell)
      if (mail.listeners.size === 0) this.#mail.delete(instance)
    }
  }

  onSettled(ref: InstanceRef, listener: () => void): () => void {
    const key = keyOf(ref)
    const awaited = this.#settled.get(key) ?? { ref, listeners: new Set() }
    this.#settled.set(key, awaited)
    const tell = (): void => listener()
    awaited.listeners.add(tell)
    this.#watch()
    return () => {
      awaited.listeners.delete(tell)
      if (awaited.listeners.size === 0 && this.#settled.get(key) === awaited) this.#settled.delete(key)
    }
  }

  /** An instance of this store is finished or stuck. */
  settled(ref: InstanceRef): void {
    if (this.#settled.size === 0) return
    const key = keyOf(ref)
    const awaited = this.#settled.get(key)
    this.#settled.delete(key)
    for (const tell of awaited?.listeners ?? []) queueMicrotask(tell)
  }

  /** This store has delivered a message to an instance. */
  delivered(instance: number, position: number): void {
    const mail = this.#mail.get(instance)
    if (mail === undefined) return
    mail.seen = Math.max(mail.seen, position)
    for (const tell of mail.listeners) queueMicrotask(tell)
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  #watch(): void {
    if (this.#timer !== undefined || this.#closed || (this.#settled.size === 0 && this.#mail.size === 0)) return
    this.#timer = setTimeout(() => {
      void this.#look().finally(() => {
        this.#timer = undefined
        this.#watch()
      })
    }, this.#intervalMs)
    this.#timer.unref()
  }

  /** A look that fails is made again at the next interval: whoever needs the store learns of its trouble elsewhere. */
  async #look(): Promise<void> {
    const awaited = [...this.#settled.values()]
    const mail = [...this.#mail]
    const report = await this.#commit
      .request('watch', {
        settled: awaited.map(({ ref }) => ({ process: toUtf16(ref.process), id: toUtf16(ref.id) })),
        mail: mail.map(([instance]) => instance),
      })
      .catch(() => 'unchanged' as const)
    if (report === 'unchanged') return
    report.settled.forEach((is, i) => {
      const ref = awaited[i]?.ref
      if (is && ref !== undefined) this.settled(ref)
    })
    report.mail.forEach((last, i) => {
      const [, box] = mail[i] ?? []
      if (box === undefined || last <= box.seen) return
      box.seen = last
      for (const tell of box.listeners) queueMicrotask(tell)
    })
  }
}

function keyOf({ process, id }: InstanceRef): string {
  return `${process.length}:${process}${id}`
}
