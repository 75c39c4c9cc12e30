/** What the `tsconfig.json` that a file belongs to says about how it is compiled. */
import { createPathsMatcher, getTsconfig, type PathsMatcher, type TsConfigResult } from 'get-tsconfig'

export interface ProjectOptions {
  /** `legacy` where `experimentalDecorators` is on. */
  readonly decorators: 'standard' | 'legacy'
  readonly emitDecoratorMetadata: boolean
  /** Whether JavaScript is part of the project. */
  readonly allowJs: boolean
  /** Turns a specifier into the paths that `compilerOptions.paths` gives it. */
  readonly paths: PathsMatcher | undefined
  /** Path of the `tsconfig.json`, if there is one. */
  readonly configFile: string | undefined
}

/**
 * Finds and keeps the options of each folder. A project without a `tsconfig.json` has TypeScript's defaults.
 *
 * @throws Error a `tsconfig.json` that cannot be read; the message names it
 */
export class ProjectOptionsReader {
  readonly #options = new Map<string, ProjectOptions>()
  #cache = new Map<string, unknown>()

  of(fileName: string): ProjectOptions {
    const found = getTsconfig(fileName, 'tsconfig.json', this.#cache)
    const path = found?.path ?? ''
    const known = this.#options.get(path)
    if (known !== undefined) return known
    const read = optionsIn(found)
    this.#options.set(path, read)
    return read
  }

  /** To be called when a `tsconfig.json` may have changed. */
  forget(): void {
    this.#options.clear()
    this.#cache = new Map()
  }
}

function optionsIn(tsconfig: TsConfigResult | null): ProjectOptions {
  const { experimentalDecorators, emitDecoratorMetadata, allowJs, checkJs } = tsconfig?.config.compilerOptions ?? {}
  return {
    decorators: experimentalDecorators === true ? 'legacy' : 'standard',
    emitDecoratorMetadata: emitDecoratorMetadata === true,
    allowJs: allowJs ?? checkJs === true,
    configFile: tsconfig?.path,
    paths: (tsconfig === null ? null : createPathsMatcher(tsconfig)) ?? undefined,
  }
}
