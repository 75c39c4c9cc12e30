/** What the `tsconfig.json` that a file belongs to says about how it is compiled. */
import { realpathSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import {
  createFilesMatcher,
  createPathsMatcher,
  type FileMatcher,
  findTsconfig,
  parseTsconfig,
  type PathsMatcher,
  type TsConfigJson,
  type TsConfigResult,
} from 'get-tsconfig'

export interface ProjectOptions {
  /** `legacy` where `experimentalDecorators` is on. */
  readonly decorators: 'standard' | 'legacy'
  readonly emitDecoratorMetadata: boolean
  /** Whether JavaScript is part of the project. */
  readonly allowJs: boolean
  /** Turns a specifier into the paths that `compilerOptions.paths` gives it. */
  readonly paths: PathsMatcher | undefined
  /** All there are, as they are written, for hosts that lower too. */
  readonly compilerOptions: TsConfigJson.CompilerOptions
  /** Paths of the files that say so: `tsconfig.json`, what it extends, and the one that refers to it; none without a `tsconfig.json`. */
  readonly configFiles: readonly string[]
}

/** A `tsconfig.json` as it was read. */
interface Project {
  readonly options: ProjectOptions
  /** Whether it is about a file. */
  readonly includes: (fileName: string) => boolean
  /** Paths of the projects it refers to. */
  readonly references: readonly string[]
}

/**
 * Finds and keeps the options of each project. A file without a `tsconfig.json` has TypeScript's defaults. A `tsconfig.json` that leaves
 * the file to a project it refers to, as templates have it with `tsconfig.app.json`, gives that project's options.
 *
 * @throws Error a `tsconfig.json` that cannot be read; the message names it
 */
export class ProjectOptionsReader {
  readonly #projects = new Map<string, Project>()
  #found = new Map<string, unknown>()

  of(fileName: string): ProjectOptions {
    const found = findTsconfig(fileName, 'tsconfig.json', this.#found)
    if (found === undefined) return WITHOUT_PROJECT
    // What it extends lies beside it where it is, not where a workspace links it to.
    const path = realpathSync(found)
    const file = resolve(dirname(path), relative(dirname(found), fileName))
    const nearest = /[\\/]node_modules[\\/]/.test(path) ? this.#readInPackage(path) : this.#read(path)
    if (nearest.references.length === 0 || nearest.includes(file)) return nearest.options
    for (const reference of nearest.references) {
      const { options, includes } = this.#read(reference)
      if (includes(file)) return { ...options, configFiles: [...nearest.options.configFiles, ...options.configFiles] }
    }
    return nearest.options
  }

  /** To be called when a `tsconfig.json` may have changed. */
  forget(): void {
    this.#projects.clear()
    this.#found = new Map()
  }

  /** A package may ship a `tsconfig.json` without what it extends. Its user can do nothing about it, and bundlers do not look. */
  #readInPackage(path: string): Project {
    try {
      return this.#read(path)
    } catch {
      return { options: WITHOUT_PROJECT, includes: () => true, references: [] }
    }
  }

  #read(path: string): Project {
    const known = this.#projects.get(path)
    if (known !== undefined) return known
    const files = new Map<string, string>()
    const tsconfig = { path, config: parse(path, files) }
    const project = projectOf(tsconfig, filesIn(files))
    this.#projects.set(path, project)
    return project
  }
}

const WITHOUT_PROJECT: ProjectOptions = {
  decorators: 'standard',
  emitDecoratorMetadata: false,
  allowJs: false,
  paths: undefined,
  compilerOptions: {},
  configFiles: [],
}

function parse(path: string, cache: Map<string, string>): TsConfigResult['config'] {
  try {
    return parseTsconfig(path, cache)
  } catch (cause) {
    throw new Error(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

function projectOf(tsconfig: TsConfigResult, configFiles: readonly string[]): Project {
  const { compilerOptions = {}, references = [] } = tsconfig.config
  const { experimentalDecorators, emitDecoratorMetadata, allowJs, checkJs } = compilerOptions
  const folder = dirname(tsconfig.path)
  let matcher: FileMatcher | undefined
  return {
    options: {
      decorators: experimentalDecorators === true ? 'legacy' : 'standard',
      emitDecoratorMetadata: emitDecoratorMetadata === true,
      allowJs: allowJs ?? checkJs === true,
      paths: createPathsMatcher(tsconfig) ?? undefined,
      compilerOptions,
      configFiles,
    },
    // Told that case matters: to find out, it would write a file.
    includes: (fileName) => (matcher ??= createFilesMatcher(tsconfig, true))(fileName) !== undefined,
    references: references.map(({ path }) => resolve(folder, /\.json$/i.test(path) ? path : `${path}/tsconfig.json`)),
  }
}

/** What a `tsconfig.json` extends is not in the result; the cache names all that was read. */
function filesIn(cache: ReadonlyMap<string, string>): readonly string[] {
  return [...cache.keys()].flatMap((key) => /^readFileSync:(.*):utf8$/.exec(key)?.[1] ?? [])
}
