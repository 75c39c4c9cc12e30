/** Where the output of a source file goes. */
import { extname, join, relative, resolve, sep } from 'node:path'

export interface OutputPlace {
  readonly cwd: string
  readonly outDir: string
  readonly stripLeadingPaths: boolean
}

const JAVASCRIPT_OF: Readonly<Record<string, string>> = { '.mts': '.mjs', '.cts': '.cjs' }
const DECLARATION_OF: Readonly<Record<string, string>> = { '.mts': '.d.mts', '.cts': '.d.cts' }

/** The file that a source is compiled to. @param extension without its dot; default by the source's */
export function compiledName(source: string, place: OutputPlace, extension?: string): string {
  return withEnding(copiedName(source, place), extension === undefined ? (JAVASCRIPT_OF[extname(source)] ?? '.js') : `.${extension}`)
}

export function declarationName(source: string, place: OutputPlace): string {
  return withEnding(copiedName(source, place), DECLARATION_OF[extname(source)] ?? '.d.ts')
}

/** The file that a source is copied to. */
export function copiedName(source: string, { cwd, outDir, stripLeadingPaths }: OutputPlace): string {
  const path = relative(cwd, resolve(cwd, source)).split(sep)
  return join(outDir, ...(stripLeadingPaths ? withoutLeading(path) : path))
}

/** Without its first folder, and without those that lead upwards after it. A file without a folder stays. */
function withoutLeading(path: readonly string[]): readonly string[] {
  const [, ...rest] = path
  if (rest.length === 0) return path
  return rest.slice(rest.findIndex((name) => name !== '..'))
}

function withEnding(path: string, ending: string): string {
  return path.replace(/\.\w*$/, ending)
}
