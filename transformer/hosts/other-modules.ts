/**
 * Finds the source of the modules that a process file imports, where no compiler's own resolution is at hand: by path, and by the
 * `paths` of the project. Packages have no source for the compiler to read, as in a TypeScript program.
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { OtherModule } from '../analyze/file-context.ts'
import type { ProjectOptions } from './project-options.ts'

const TYPESCRIPT = ['.ts', '.tsx', '.mts', '.cts'] as const
const JAVASCRIPT = ['.js', '.jsx', '.mjs', '.cjs'] as const
/** What an import of compiled output means in source. */
const SOURCE_OF: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
}

/** The module, or undefined where it is a package, a declaration, or not there. */
export function findOtherModule(specifier: string, fromFile: string, options: ProjectOptions): OtherModule | undefined {
  const fileName = findSourceFile(specifier, fromFile, options)
  return fileName === undefined ? undefined : { fileName, source: readFileSync(fileName, 'utf8').replace(/^\uFEFF/, '') }
}

/** Absolute path of the file that an import means in source. */
export function findSourceFile(specifier: string, fromFile: string, options: ProjectOptions): string | undefined {
  for (const path of pathsOf(specifier, fromFile, options)) {
    const fileName = sourceFileAt(path, options.allowJs || isJavaScript(fromFile))
    if (fileName !== undefined) return fileName
  }
  return undefined
}

function pathsOf(specifier: string, fromFile: string, { paths }: ProjectOptions): readonly string[] {
  return /^\.{0,2}\//.test(specifier) ? [resolve(dirname(fromFile), specifier)] : (paths?.(specifier) ?? [])
}

function sourceFileAt(path: string, javaScript: boolean): string | undefined {
  const endings = javaScript ? [...TYPESCRIPT, ...JAVASCRIPT] : TYPESCRIPT
  const ending = /\.[cm]?jsx?$/.exec(path)?.[0]
  const renamed = ending === undefined ? [] : (SOURCE_OF[ending] ?? []).map((source) => path.slice(0, -ending.length) + source)
  const exact = endings.some((known) => path.endsWith(known)) && !/\.d\.[cm]?ts$/.test(path) ? [path] : []
  const appended = endings.map((added) => path + added)
  const index = endings.map((added) => resolve(path, `index${added}`))
  return [...renamed, ...exact, ...appended, ...index].find(isFile)
}

function isJavaScript(fileName: string): boolean {
  return JAVASCRIPT.some((ending) => fileName.endsWith(ending))
}

function isFile(path: string): boolean {
  // `existsSync` first: below a file, as in `data.json/index.ts`, `statSync` throws.
  return existsSync(path) && statSync(path).isFile()
}
