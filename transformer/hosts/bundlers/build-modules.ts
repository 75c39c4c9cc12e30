/** The modules of one build. The compiler is loaded with the first of them that may hold a process; many builds have none. */
import { mayHoldProcess, NAMES_CATGA } from '../../parse/may-hold-process.ts'
import type { BundledModule, BundledModules, InputMap } from './bundled-modules.ts'
import type { BundlerOptions } from './bundler-options.ts'

export class BuildModules {
  readonly #options: BundlerOptions
  #loading: Promise<BundledModules> | undefined
  #loaded: BundledModules | undefined

  constructor(options: BundlerOptions) {
    this.#options = options
  }

  /** Undefined at once, or in the end: the module is none of ours and passes through. */
  compile(source: string, id: string, mapOf?: InputMap): Promise<BundledModule | undefined> | undefined {
    if (!NAMES_CATGA.test(source) || (this.#loaded === undefined && !mayHoldProcess(source))) return undefined
    this.#loading ??= this.#load()
    return this.#loading.then((modules) => modules.compile(source, id, mapOf))
  }

  /** Modules that were made of a file beside themselves, with slashes. */
  madeOf(file: string): readonly string[] {
    return this.#loaded?.madeOf(file) ?? []
  }

  /** To be called when a build begins: a `tsconfig.json` may have changed. */
  forgetProjects(): void {
    this.#loaded?.forgetProjects()
  }

  async #load(): Promise<BundledModules> {
    const { BundledModules } = await import('./bundled-modules.ts')
    return (this.#loaded = new BundledModules(this.#options))
  }
}
