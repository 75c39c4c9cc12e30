/** Which sources lead to a process through relative imports: a tool that never meets one need not know of Catga. */
import { dirname, resolve } from 'node:path'
import type { InspectedProject } from './inspected-project.ts'

const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(['"])(\.{1,2}\/[^'"\n]*|\.{1,2})\1/g
const ENDINGS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'] as const

export class SourceGraph {
  readonly #texts: ReadonlyMap<string, string>
  readonly #processes: ReadonlySet<string>

  constructor({ packages }: InspectedProject) {
    this.#texts = new Map(packages.flatMap(({ sources }) => sources.map(({ path, text }) => [path, text] as const)))
    this.#processes = new Set(packages.flatMap(({ processes }) => processes.map(({ path }) => path)))
  }

  /** A source as a program names it: with another ending, or as a folder. */
  sourceAt(path: string): string | undefined {
    const stem = path.replace(/\.[cm]?jsx?$/, '')
    const candidates = [path, ...ENDINGS.map((ending) => stem + ending), ...ENDINGS.map((ending) => resolve(path, `index${ending}`))]
    return candidates.find((candidate) => this.#texts.has(candidate))
  }

  /** Whether importing the source imports a process. Imports of packages are not followed. */
  reachesProcess(entry: string): boolean {
    const seen = new Set<string>()
    const waiting = [entry]
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (this.#processes.has(path)) return true
      if (seen.has(path)) continue
      seen.add(path)
      for (const [, , specifier] of (this.#texts.get(path) ?? '').matchAll(SPECIFIER)) {
        const source = specifier === undefined ? undefined : this.sourceAt(resolve(dirname(path), specifier))
        if (source !== undefined) waiting.push(source)
      }
    }
    return false
  }
}
