/** Where the JavaScript of a source file goes, as TypeScript has it. */
import { dirname, join, relative, resolve } from 'node:path'

const ENDINGS: Readonly<Record<string, string>> = { '.mts': '.mjs', '.cts': '.cjs', '.mjs': '.mjs', '.cjs': '.cjs' }

export function outputPlace(source: string, configFile: string, options: Readonly<Record<string, unknown>>): string {
  const folder = dirname(configFile)
  const rootDir = resolve(folder, typeof options['rootDir'] === 'string' ? options['rootDir'] : '.')
  const outDir = options['outDir']
  const placed = typeof outDir === 'string' ? join(resolve(folder, outDir), relative(rootDir, source)) : source
  return placed.replace(/\.(?:[cm]?[jt]s|[jt]sx)$/, (ending) => ENDINGS[ending] ?? (keepsJsx(ending, options) ? '.jsx' : '.js'))
}

function keepsJsx(ending: string, { jsx }: Readonly<Record<string, unknown>>): boolean {
  return ending.endsWith('x') && jsx === 'preserve'
}
