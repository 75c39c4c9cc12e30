/**
 * esbuild has no hook between loading and compiling, so files are read here. What is none of ours is handed back unread.
 */
import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { mayNameCatga } from '../../parse/may-hold-process.ts'
import type { BuildModules } from './build-modules.ts'
import type { BundledModule, Finding } from './bundled-modules.ts'
import { SCRIPT_FILE } from './module-file.ts'

type ScriptLoader = 'js' | 'jsx' | 'ts' | 'tsx'

const LOADERS: Readonly<Record<string, ScriptLoader>> = {
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.jsx': 'jsx',
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
}

/** The parts of esbuild's plugin interface that are used. */
export interface EsbuildBuild {
  readonly initialOptions: { readonly loader?: Readonly<Record<string, string>> | undefined }
  onStart(callback: () => void): void
  onLoad(
    filter: { filter: RegExp; namespace: string },
    callback: (args: EsbuildLoadArgs) => Promise<EsbuildLoadResult | undefined> | undefined,
  ): void
}

interface EsbuildLoadArgs {
  readonly path: string
  readonly suffix: string
  /** Import attributes. */
  readonly with?: Readonly<Record<string, string>>
}

interface EsbuildLoadResult {
  contents: string
  loader: ScriptLoader
  errors: EsbuildMessage[]
  warnings: EsbuildMessage[]
  watchFiles: string[]
}

interface EsbuildMessage {
  text: string
  location: { file: string; namespace: string; line: number; column: number; length: number; lineText: string }
}

export function loadForEsbuild(build: EsbuildBuild, modules: BuildModules, include: RegExp = SCRIPT_FILE): void {
  build.onStart(() => modules.forgetProjects())
  // The pattern goes to esbuild, which knows no flags; it is tried again on what comes.
  const filter = include.flags === '' ? include : /(?:)/
  build.onLoad({ filter, namespace: 'file' }, ({ path, suffix, with: attributes = {} }) => {
    const loader = scriptLoader(path, build.initialOptions.loader)
    if (loader === undefined || attributes['type'] !== undefined) return undefined
    const source = textNaming(path)
    if (source === undefined) return undefined
    return modules.compile(source, path + suffix)?.then((compiled) => compiled && { ...resultOf(compiled), loader })
  })
}

function scriptLoader(path: string, configured: Readonly<Record<string, string>> = {}): ScriptLoader | undefined {
  const extension = extname(path)
  const wanted = configured[extension] ?? LOADERS[extension]
  return Object.values(LOADERS).find((loader) => loader === wanted)
}

/**
 * The text of a file that can hold a process; esbuild itself tells of one that cannot be read. Read at once: most of the time that
 * a small file takes in the background goes to coming back from there.
 */
function textNaming(path: string): string | undefined {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch {
    return undefined
  }
  return mayNameCatga(bytes) ? bytes.toString('utf8') : undefined
}

function resultOf({ file, code, map, errors, warnings, read }: BundledModule): Omit<EsbuildLoadResult, 'loader'> {
  const mapping = map === undefined ? '' : `\n//# sourceMappingURL=data:application/json;base64,${base64(map)}`
  return {
    contents: code + mapping,
    errors: errors.map((found) => messageOf(found)),
    warnings: warnings.map((found) => messageOf(found)),
    watchFiles: [file, ...read],
  }
}

function base64(map: object): string {
  return Buffer.from(JSON.stringify(map)).toString('base64')
}

function messageOf({ text, file, start, bytes, line }: Finding): EsbuildMessage {
  return { text, location: { file, namespace: 'file', line: start.line, ...bytes, lineText: line } }
}
