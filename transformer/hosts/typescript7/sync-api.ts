/**
 * The part of TypeScript 7.1's `typescript/sync` and `typescript/fs` that is used here, written out because the package that
 * this one is developed with has no such entries. `docs/decisions.md` says what each is for.
 */

export interface SyncDiagnostic {
  readonly fileName?: string
  readonly pos: number
  readonly end: number
  readonly code: number
  /** As in `ts.DiagnosticCategory`: 0 warning, 1 error, 2 suggestion, 3 message. */
  readonly category: number
  readonly text: string
  readonly messageChain?: readonly SyncDiagnostic[]
}

export interface SyncParsedConfig {
  readonly fileNames: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
  readonly projectReferences?: readonly { readonly path: string }[]
  readonly errors: readonly SyncDiagnostic[]
}

export interface SyncEmitOutput {
  readonly diagnostics: readonly SyncDiagnostic[]
  readonly outputFiles: ReadonlyMap<string, { readonly text: string; readonly sourceFileName?: string }>
}

export interface SyncProgram {
  getSourceFileNames(): readonly string[]
  getConfigFileParsingDiagnostics(): readonly SyncDiagnostic[]
  getProgramDiagnostics(): readonly SyncDiagnostic[]
  getGlobalDiagnostics(): readonly SyncDiagnostic[]
  getSyntacticDiagnostics(files: readonly string[]): readonly SyncDiagnostic[]
  getSemanticDiagnostics(files: readonly string[]): readonly SyncDiagnostic[]
  getDeclarationDiagnostics(files: readonly string[]): readonly SyncDiagnostic[]
  /** Everything the program emits. */
  emitToString(): SyncEmitOutput
  /** JavaScript of these files, whatever the options say of emitting. */
  getJavaScriptEmit(files: readonly string[]): SyncEmitOutput
}

export interface SyncSnapshotRequest {
  readonly createPrograms: readonly {
    readonly rootFiles: readonly string[]
    readonly compilerOptions: Readonly<Record<string, unknown>>
    readonly options: {
      readonly projectReferences?: readonly { readonly path: string }[] | undefined
      readonly configFileParsingDiagnostics: readonly SyncDiagnostic[]
    }
  }[]
  /** Files read from here instead of from the disk. */
  readonly fileSystem?: unknown
}

export interface SyncApi {
  parseConfigFile(file: string): SyncParsedConfig
  createSnapshot(request: SyncSnapshotRequest): { readonly operation: { readonly createdPrograms: readonly SyncProgram[] } }
  close(): void
}

/** Both entries of one installed TypeScript. */
export interface SyncModules {
  readonly API: new (options: { readonly cwd: string }) => SyncApi
  readonly createFileSystemLayer: (files: readonly (readonly [fileName: string, text: string])[]) => unknown
}

const PROGRAM_METHODS = ['emitToString', 'getJavaScriptEmit', 'getSemanticDiagnostics'] as const

/** What is missing of the API in a development version that has changed it; undefined where everything is there. */
export function missingInSync(sync: Readonly<Record<string, unknown>>, fs: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof sync['API'] !== 'function') return 'API'
  if (!hasMethod(sync['API'], 'parseConfigFile')) return 'API.parseConfigFile'
  if (!hasMethod(sync['API'], 'createSnapshot')) return 'API.createSnapshot'
  if (typeof fs['createFileSystemLayer'] !== 'function') return 'createFileSystemLayer'
  const program = sync['Program']
  const method = PROGRAM_METHODS.find((name) => typeof program !== 'function' || !hasMethod(program, name))
  return method === undefined ? undefined : `Program.${method}`
}

/** The API's methods are getters that answer functions: looking must not call them. */
function hasMethod(owner: object, name: string): boolean {
  const { prototype } = owner as { readonly prototype?: object }
  return prototype !== undefined && name in prototype
}
