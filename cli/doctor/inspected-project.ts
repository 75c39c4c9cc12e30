/**
 * What the doctor looks at: the packages in a folder, their configuration files, and their sources.
 *
 * A package is a folder with a `package.json` outside `node_modules`; a source belongs to the nearest one above it.
 */
import { dirname, join, relative, resolve, sep } from 'node:path'
import { parseTsconfig, type TsConfigJsonResolved } from 'get-tsconfig'
import { analyze, type Diagnostic, optionsOfProject } from '../../transformer/index.ts'
import type { Finding } from './finding.ts'
import { entriesOf, isFile, jsonOf, textOf } from './read-file.ts'

export interface Source {
  readonly path: string
  readonly text: string
}

/** A source that holds processes, or tries to. */
export interface ProcessSource extends Source {
  readonly diagnostics: readonly Diagnostic[]
}

export interface Tsconfig {
  readonly path: string
  readonly config: TsConfigJsonResolved
}

export interface InspectedPackage {
  readonly folder: string
  readonly manifest: Readonly<Record<string, unknown>>
  readonly type: 'module' | 'commonjs'
  readonly sources: readonly Source[]
  readonly processes: readonly ProcessSource[]
  readonly tsconfigs: readonly Tsconfig[]
  /** Files beside `package.json` that configure something, as text. */
  readonly configs: readonly Source[]
}

export interface InspectedProject {
  readonly folder: string
  readonly packages: readonly InspectedPackage[]
  /** Files that could not be understood. */
  readonly unreadable: readonly Finding[]
  /** Path of a file as findings show it. */
  readonly show: (path: string) => string
}

const SOURCE = /(?<!\.d)\.[cm]?[jt]sx?$/
const CONFIG = /\.(?:[cm]?[jt]s|json|jsonc|toml|ya?ml)$|^\.[\w-]+rc$/
const NOT_CONFIG = /^(?:package|package-lock|npm-shrinkwrap)\.json$|^(?:pnpm-lock|yarn)\./
const NOT_SOURCES = new Set(['node_modules', 'dist', 'build', 'out', 'coverage'])

export function inspectProject(folder: string): InspectedProject {
  const show = (path: string): string => relative(folder, path).split(sep).join('/') || '.'
  const unreadable: Finding[] = []
  const folders = packageFolders(folder)
  const packages = folders.map((each) =>
    inspectPackage(each, new Set(folders), (path, error) => unreadable.push(notRead(show(path), error))),
  )
  return { folder, packages, unreadable, show }
}

function packageFolders(root: string): readonly string[] {
  const found = [root]
  const visit = (folder: string): void => {
    for (const entry of entriesOf(folder)) {
      if (!entry.isDirectory() || entry.name.startsWith('.') || NOT_SOURCES.has(entry.name)) continue
      const inner = join(folder, entry.name)
      if (isFile(join(inner, 'package.json'))) found.push(inner)
      visit(inner)
    }
  }
  visit(root)
  return found
}

type Unreadable = (path: string, error: unknown) => void

function inspectPackage(folder: string, others: ReadonlySet<string>, unreadable: Unreadable): InspectedPackage {
  const manifestFile = join(folder, 'package.json')
  const manifest = jsonOf(manifestFile) ?? {}
  if (isFile(manifestFile) && jsonOf(manifestFile) === undefined) unreadable(manifestFile, 'it is not JSON')
  const tsconfigs = readTsconfigs(folder, unreadable)
  const outputs = new Set(tsconfigs.flatMap(outputFolder))
  const sources = [...sourcesIn(folder, (inner) => others.has(inner) || outputs.has(inner))]
  const configs = entriesOf(folder)
    .filter((entry) => !entry.isDirectory() && CONFIG.test(entry.name) && !NOT_CONFIG.test(entry.name))
    .map(({ name }) => ({ path: join(folder, name), text: textOf(join(folder, name)) ?? '' }))
  return {
    folder,
    manifest,
    type: manifest['type'] === 'module' ? 'module' : 'commonjs',
    sources,
    processes: sources.flatMap(processSource),
    tsconfigs,
    configs,
  }
}

function readTsconfigs(folder: string, unreadable: Unreadable): readonly Tsconfig[] {
  const names = entriesOf(folder).filter(({ name }) => /^tsconfig(?:\..+)?\.json$/.test(name))
  return names.flatMap(({ name }) => {
    const path = join(folder, name)
    try {
      return [{ path, config: parseTsconfig(path) }]
    } catch (error) {
      unreadable(path, error)
      return []
    }
  })
}

/** Undefined for a project that is emitted beside its sources. */
export function outputFolder({ path, config }: Tsconfig): readonly string[] {
  const { outDir } = config.compilerOptions ?? {}
  const folder = outDir === undefined ? undefined : resolve(dirname(path), outDir)
  return folder === undefined || folder === dirname(path) ? [] : [folder]
}

function* sourcesIn(folder: string, skip: (folder: string) => boolean): Generator<Source> {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') && !NOT_SOURCES.has(entry.name) && !skip(path)) yield* sourcesIn(path, skip)
    } else if (SOURCE.test(entry.name) && !/\.d\.[cm]?ts$/.test(entry.name)) {
      yield { path, text: textOf(path) ?? '' }
    }
  }
}

function processSource({ path, text }: Source): readonly ProcessSource[] {
  if (!text.includes('CatgaProcess')) return []
  const source = text.replace(/^\uFEFF/, '')
  const { model, diagnostics } = analyze(source, path, projectOf(path))
  return model === undefined && diagnostics.length === 0 ? [] : [{ path, text: source, diagnostics }]
}

/** A tsconfig.json that cannot be read is told of by itself. */
function projectOf(path: string): ReturnType<typeof optionsOfProject> {
  try {
    return optionsOfProject(path)
  } catch {
    return {}
  }
}

function notRead(place: string, error: unknown): Finding {
  const reason = error instanceof Error ? error.message : String(error)
  return {
    code: 'unreadable-file',
    severity: 'error',
    place,
    message: `cannot be read: ${reason}`,
    fix: 'Mend the file; what it configures was not looked at.',
  }
}
