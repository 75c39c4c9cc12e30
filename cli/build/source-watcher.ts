/**
 * Tells which files of a tree have changed.
 *
 * Invariants
 * 1. Events only say that it is time to look: what has changed is found by comparing the tree with what it was, so an editor that
 *    renames, a folder that is moved in, and events that a platform drops or doubles all come to the same.
 * 2. Changes are told one batch at a time; what happens meanwhile is in the next one.
 */
import { type FSWatcher, statSync, watch } from 'node:fs'
import { once } from 'node:events'
import { dirname, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { SourceTree } from './source-tree.ts'

export interface SourceChanges {
  /** New or with other content; as the tree names them. */
  readonly written: readonly string[]
  readonly removed: readonly string[]
  /** Absolute paths of watched files outside the tree that were written or removed. */
  readonly others: readonly string[]
}

export interface WatchSources {
  readonly cwd: string
  readonly scan: () => SourceTree
  /** Absolute paths of files to watch beside the tree; asked for before each look. */
  readonly others: () => readonly string[]
  readonly signal: AbortSignal
}

/** How long nothing may have happened before files count as written. */
const SETTLE_MS = 50

type Stamps = ReadonlyMap<string, string>

export class SourceWatcher {
  readonly #options: WatchSources
  readonly #watchers = new Map<string, FSWatcher>()
  readonly #events = new EventTarget()
  #files: Stamps
  #others: Stamps
  #pending = false

  /** What the tree is now counts as known. */
  constructor(options: WatchSources) {
    this.#options = options
    const tree = options.scan()
    this.#files = stampsOf(tree.files, options.cwd)
    this.#others = stampsOf(options.others(), options.cwd)
    this.#watch(tree)
  }

  /** Ends when the signal is aborted. */
  async *changes(): AsyncGenerator<SourceChanges> {
    const { signal } = this.#options
    try {
      while (!signal.aborted) {
        await this.#settled()
        if (signal.aborted) return
        const found = this.#look()
        if (found.written.length + found.removed.length + found.others.length > 0) yield found
      }
    } finally {
      for (const watcher of this.#watchers.values()) watcher.close()
      this.#watchers.clear()
    }
  }

  async #settled(): Promise<void> {
    const { signal } = this.#options
    try {
      if (!this.#pending) await once(this.#events, 'change', { signal })
      while (this.#pending) {
        this.#pending = false
        await delay(SETTLE_MS, undefined, { signal })
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  #look(): SourceChanges {
    const { cwd, scan } = this.#options
    const tree = scan()
    const files = stampsOf(tree.files, cwd)
    const inTree = new Set([...files.keys()].map((file) => resolve(cwd, file)))
    const others = stampsOf(
      this.#options.others().filter((file) => !inTree.has(file)),
      cwd,
    )
    const changes = {
      written: [...files].filter(([file, stamp]) => this.#files.get(file) !== stamp).map(([file]) => file),
      removed: [...this.#files.keys()].filter((file) => !files.has(file)),
      // One that nobody has seen yet was read just now.
      others: [...others].filter(([file, stamp]) => this.#others.has(file) && this.#others.get(file) !== stamp).map(([file]) => file),
    }
    this.#files = files
    this.#others = others
    this.#watch(tree)
    return changes
  }

  /** A folder is watched for itself: where a platform can watch trees it does not follow links. */
  #watch({ folders, files }: SourceTree): void {
    const { cwd } = this.#options
    const wanted = new Set([...folders, ...[...files, ...this.#options.others()].map((file) => dirname(resolve(cwd, file)))])
    for (const [folder, watcher] of this.#watchers) {
      if (wanted.has(folder)) continue
      watcher.close()
      this.#watchers.delete(folder)
    }
    for (const folder of wanted) if (!this.#watchers.has(folder)) this.#watchFolder(folder)
  }

  #watchFolder(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: true }, () => this.#changed())
      this.#watchers.set(folder, watcher)
      watcher.on('error', () => {
        // The folder is gone; the next look finds that out.
        watcher.close()
        this.#watchers.delete(folder)
        this.#changed()
      })
      // What was put into it before it was watched made no event.
      this.#changed()
    } catch {
      // Gone again.
    }
  }

  #changed(): void {
    this.#pending = true
    this.#events.dispatchEvent(new Event('change'))
  }
}

function stampsOf(files: readonly string[], cwd: string): Stamps {
  return new Map(files.map((file) => [file, stampOf(resolve(cwd, file))]))
}

function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false })
  return found === undefined ? 'gone' : `${found.mtimeMs} ${found.size} ${found.ino}`
}
