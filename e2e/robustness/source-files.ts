/** Real source files to try the compiler on: those of the installed packages and of this project. */
import { createHash } from 'node:crypto'
import { type Dirent, readdirSync } from 'node:fs'
import { join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const OWN = ['runtime', 'transformer', 'cli', 'e2e', 'fixtures', 'examples', 'bench', 'scripts']
const PACKAGES = ['node_modules', 'e2e/tools/node_modules']

export interface SourceFile {
  readonly path: string
  /** From the repository's root, with slashes: what is printed and what samples are taken by. */
  readonly name: string
}

/** Every TypeScript file, declarations included. */
export function typeScriptFiles(): readonly SourceFile[] {
  return [...OWN, ...PACKAGES].flatMap((folder) => filesIn(folder, /\.[cm]?tsx?$/))
}

/** Every JavaScript file. */
export function javaScriptFiles(): readonly SourceFile[] {
  return [...OWN, ...PACKAGES].flatMap((folder) => filesIn(folder, /\.[cm]?jsx?$/))
}

/** One file in so many, the same ones on every machine that has them. */
export function oneIn(files: readonly SourceFile[], many: number): readonly SourceFile[] {
  return files.filter(({ name }) => createHash('sha256').update(name).digest().readUInt32BE() % many === 0)
}

/** Whether a file is part of the package `typescript` itself, of any installed version. */
export function isTypeScripts({ name }: SourceFile): boolean {
  return /(?:^|\/)node_modules\/typescript\d*\/lib\//.test(name)
}

function filesIn(folder: string, ending: RegExp): readonly SourceFile[] {
  const found: SourceFile[] = []
  const visit = (path: string, isProject: boolean): void => {
    for (const entry of entriesOf(path)) {
      const inner = join(path, entry.name)
      // The project's own folders hold packages too, which are listed on their own. Links lead to what is listed elsewhere.
      if (entry.isDirectory() && !(isProject && entry.name === 'node_modules')) visit(inner, isProject)
      else if (entry.isFile() && ending.test(entry.name))
        found.push({ path: inner, name: relative(ROOT, inner).split(sep).join(posix.sep) })
    }
  }
  visit(join(ROOT, folder), OWN.includes(folder))
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Sorted; a folder that another test has just removed has none. */
function entriesOf(path: string): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch {
    return []
  }
}
