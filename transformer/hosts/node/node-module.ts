/**
 * What this host touches of `node:module` beyond its typings: documented parts newer than the oldest Node we support, and the parts
 * of the CommonJS loader that every Node has had for years and that loaders for `require` stand on.
 */
import module from 'node:module'

/** A module of the CommonJS loader. */
export interface CommonJsModule {
  filename: string | null
  paths: readonly string[]
  loaded: boolean
  /** Runs a module's code; format `module` links it as an ES module, one and the same for `import` and `require`. */
  _compile(code: string, fileName: string, format: ModuleFormat): void
}

/** How Node is to take a module's code. */
export type ModuleFormat = 'module' | 'commonjs'

export interface ResolveContext {
  readonly parentURL?: string | undefined
  readonly conditions?: readonly string[]
}

export interface Resolved {
  readonly url: string
  readonly format?: string | null | undefined
  readonly shortCircuit?: boolean
}

export interface LoadContext {
  readonly format?: string | null | undefined
  readonly conditions?: readonly string[]
}

export interface Loaded {
  readonly format: string | null | undefined
  readonly source?: string | ArrayBuffer | NodeJS.TypedArray | null | undefined
  readonly shortCircuit?: boolean
}

/** Hooks that run in the thread whose modules they load, for `import` and `require` alike. */
export interface SyncHooks {
  resolve(specifier: string, context: ResolveContext, next: (specifier: string, context?: ResolveContext) => Resolved): Resolved
  load(url: string, context: LoadContext, next: (url: string, context?: LoadContext) => Loaded): Loaded
}

export interface NodeModule {
  readonly prototype: { load(this: CommonJsModule, fileName: string): void }
  readonly _extensions: Readonly<Record<string, unknown>>
  _resolveFilename(this: unknown, request: string, parent: CommonJsModule | null | undefined, ...rest: readonly unknown[]): string
  readonly _nodeModulePaths: (folder: string) => readonly string[]
  /** Since Node 22.15 and 23.5. */
  readonly registerHooks?: (hooks: SyncHooks) => unknown
  /** Off the main path since Node 26 deprecates it. */
  readonly register: typeof module.register
}

export const nodeModule = module as unknown as NodeModule
