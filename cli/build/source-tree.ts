/** Finds the files that are to be compiled or copied, and those of them that somebody wants. */
import { readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, join, relative, resolve, sep } from 'node:path'
import { globPattern } from './glob.ts'

export interface SourceSelection {
  /** Folder that paths are relative to. */
  readonly cwd: string
  /** Folders and files, as they were written. */
  readonly operands: readonly string[]
  readonly ignore: readonly string[]
  /** Empty: all. */
  readonly only: readonly string[]
  readonly includeDotfiles: boolean
  /** A folder to leave out, by its name: a pattern would be something else where the name has brackets. */
  readonly exclude?: string
}

export interface SourceTree {
  /** Relative to `cwd` where they were asked for so; each once, in order of the operands and then of names. */
  readonly files: readonly string[]
  /** Folders that were looked into. */
  readonly folders: readonly string[]
  /** Operands that are not there. */
  readonly missing: readonly string[]
}

export function findSources(selection: SourceSelection): SourceTree {
  const { cwd, operands, includeDotfiles } = selection
  const excluded = selection.exclude === undefined ? undefined : resolve(cwd, selection.exclude)
  const isIgnored = matcherOf(selection.ignore, cwd, true)
  const isWanted = selection.only.length === 0 ? () => true : matcherOf(selection.only, cwd, false)
  const files = new Set<string>()
  const folders = new Set<string>()
  const missing: string[] = []
  for (const operand of operands) {
    const path = join(operand).replace(/(?<=.)[\\/]$/, '')
    const kind = kindOf(resolve(cwd, path))
    const isHidden = basename(path).startsWith('.') && path !== '.' && path !== '..'
    if (kind === undefined) missing.push(operand)
    else if (isHidden && !includeDotfiles) continue
    else if (kind === 'file') files.add(path)
    else walk(path, [])
  }
  return { files: [...files].filter(isWanted), folders: [...folders], missing }

  /** @param above real paths of the folders it is in: a link to one of them would have no end */
  function walk(folder: string, above: readonly string[]): void {
    const absolute = resolve(cwd, folder)
    const real = realpathSync(absolute)
    if (above.includes(real)) return
    folders.add(absolute)
    for (const name of readdirSync(absolute).toSorted()) {
      if (name.startsWith('.') && !includeDotfiles) continue
      const path = folder === '.' ? name : join(folder, name)
      if (isIgnored(path) || resolve(cwd, path) === excluded) continue
      const kind = kindOf(resolve(cwd, path))
      if (kind === 'folder') walk(path, [...above, real])
      else if (kind === 'file') files.add(path)
    }
  }
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory() === true) return 'folder'
  return found?.isFile() === true ? 'file' : undefined
}

function matcherOf(globs: readonly string[], cwd: string, dot: boolean): (path: string) => boolean {
  const patterns = globs.map((glob) => globPattern(glob, { dot }))
  return (path) => {
    if (patterns.length === 0) return false
    const absolute = resolve(cwd, path)
    const names = [path, relative(cwd, absolute), absolute].map((name) => name.split(sep).join('/'))
    return patterns.some((pattern) => names.some((name) => pattern.test(name)))
  }
}
