/** Packages as a project has them installed. */
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { entriesOf, jsonOf } from './read-file.ts'

/** Version that code in the folder gets; undefined where it gets none. */
export function installedVersion(folder: string, name: string): string | undefined {
  for (let next = folder; ; next = dirname(next)) {
    const version = jsonOf(join(next, 'node_modules', name, 'package.json'))?.['version']
    if (typeof version === 'string') return version
    if (next === dirname(next)) return undefined
  }
}

export function majorOf(version: string): number {
  return Number.parseInt(version, 10)
}

/** Whether a version is older than another of numbers alone. */
export function isOlder(version: string, than: readonly number[]): boolean {
  const numbers = version.split(/[.-]/).map(Number)
  for (const [index, wanted] of than.entries()) {
    const number = numbers[index] ?? 0
    if (number !== wanted) return number < wanted
  }
  return false
}

export interface Copy {
  readonly path: string
  readonly version: string
}

/** Every copy of a package in the `node_modules` of these folders and in those of the packages in them. */
export function copiesOf(name: string, folders: readonly string[]): readonly Copy[] {
  const copies = new Map<string, Copy>()
  const seen = new Set<string>()
  for (const folder of folders) collect(join(folder, 'node_modules'), name, { copies, seen })
  return [...copies.values()]
}

interface Collected {
  readonly copies: Map<string, Copy>
  readonly seen: Set<string>
}

function collect(modules: string, name: string, found: Collected): void {
  if (!existsSync(modules)) return
  const real = realpathSync(modules)
  if (found.seen.has(real)) return
  found.seen.add(real)
  const version = jsonOf(join(modules, name, 'package.json'))?.['version']
  if (typeof version === 'string') {
    const path = realpathSync(join(modules, name))
    // A link to the package's own repository is found by its real path, once.
    if (!found.copies.has(path)) found.copies.set(path, { path, version })
  }
  for (const entry of entriesOf(modules)) {
    const inner = join(modules, entry.name)
    if (entry.name === '.pnpm' || entry.name.startsWith('@')) {
      for (const { name: nested } of entriesOf(inner)) collect(join(inner, nested, 'node_modules'), name, found)
    } else if (entry.isDirectory() && !entry.name.startsWith('.')) {
      collect(join(inner, 'node_modules'), name, found)
    }
  }
}
