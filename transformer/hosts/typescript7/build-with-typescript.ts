/**
 * Builds a project through `typescript/sync` of TypeScript 7.1 and newer.
 *
 * Two programs: one of the untouched source, which says what is wrong and makes the declarations, and one that reads our compiled
 * text in place of the process files, which makes their JavaScript. What the second finds in our text is never looked at.
 */
import { dirname } from 'node:path'
import { type BuildDiagnostic, diagnosticAt, diagnosticOfProject } from './build-diagnostic.ts'
import { type BuildProject, hasErrors, isOwnSource, type ProjectBuild, readText, writeOutputs } from './build-project.ts'
import { composedMap, type OutputMap, withComposedInlineMap } from './composed-output.ts'
import { type CompiledProcesses, compileProcesses } from './project-compiler.ts'
import type { SyncApi, SyncDiagnostic, SyncModules, SyncParsedConfig, SyncProgram } from './sync-api.ts'
import { withoutUnusedUndos } from './unused-undo.ts'

/** As in `ts.DiagnosticCategory`. */
const WARNING = 0

export function buildWithTypeScript(modules: SyncModules, request: BuildProject): ProjectBuild {
  const { configFile } = request.project
  const api = new modules.API({ cwd: dirname(configFile) })
  try {
    return build(api, modules, request)
  } finally {
    api.close()
  }
}

function build(api: SyncApi, modules: SyncModules, { project, cwd, mode }: BuildProject): ProjectBuild {
  const { configFile, references } = project
  const config = api.parseConfigFile(configFile)
  const program = programOf(api, config, mode)
  const foreign = new Set([...references].flatMap((file) => api.parseConfigFile(file).fileNames))
  const names = program.getSourceFileNames().filter((name) => !foreign.has(name))
  const processes = compileProcesses(names.filter(isOwnSource), cwd, config.options)
  const found = diagnosticsOf(program, names, config).map(fromTypeScript)
  const diagnostics = distinct([...withoutUnusedUndos(found, readText), ...processes.diagnostics])
  const stays = mode === 'check' || config.options['noEmit'] === true
  if (stays || (config.options['noEmitOnError'] === true && hasErrors(diagnostics))) {
    return { configFile, diagnostics, emitted: [], notHonoured: [] }
  }
  const files = new Map<string, string>()
  for (const [path, { text }] of program.emitToString().outputFiles) if (!path.endsWith('.tsbuildinfo')) files.set(path, text)
  if (config.options['emitDeclarationOnly'] !== true)
    replaceProcesses(files, processes, programOf(api, config, mode, overlay(modules, processes)))
  return { configFile, diagnostics, emitted: writeOutputs(files, names), notHonoured: [] }
}

function programOf(
  api: SyncApi,
  { fileNames, options, projectReferences, errors }: SyncParsedConfig,
  mode: string,
  fileSystem?: unknown,
): SyncProgram {
  // Whether errors stop the emit is decided here, where ours are known too.
  const compilerOptions = { ...options, noEmitOnError: false, ...(mode === 'check' && { noEmit: true }) }
  const { operation } = api.createSnapshot({
    createPrograms: [{ rootFiles: fileNames, compilerOptions, options: { projectReferences, configFileParsingDiagnostics: errors } }],
    ...(fileSystem !== undefined && { fileSystem }),
  })
  const [program] = operation.createdPrograms
  if (program === undefined) throw new TypeError('"typescript/sync" answered no program to createSnapshot.')
  return program
}

function overlay({ createFileSystemLayer }: SyncModules, { files }: CompiledProcesses): unknown {
  return createFileSystemLayer([...files].map(([path, { code }]) => [path, code] as const))
}

/** As the command line asks: what does not parse is not checked. */
function diagnosticsOf(program: SyncProgram, names: readonly string[], { options }: SyncParsedConfig): readonly SyncDiagnostic[] {
  const early = [
    ...program.getConfigFileParsingDiagnostics(),
    ...program.getProgramDiagnostics(),
    ...program.getSyntacticDiagnostics(names),
  ]
  if (early.length > 0) return early
  const semantic = [...program.getSemanticDiagnostics(names), ...program.getGlobalDiagnostics()]
  const declares = options['declaration'] === true || options['composite'] === true
  return declares && semantic.length === 0 ? program.getDeclarationDiagnostics(names.filter(isOwnSource)) : semantic
}

function fromTypeScript({ fileName, pos, end, code, category, text, messageChain = [] }: SyncDiagnostic): BuildDiagnostic {
  const message = [text, ...messageChain.flatMap((next) => chained(next, 1))].join('\n')
  const finding = { code: `TS${code}`, severity: category === WARNING ? ('warning' as const) : ('error' as const), message }
  if (fileName === undefined) return diagnosticOfProject(finding)
  // TypeScript counts without a byte order mark.
  return diagnosticAt(finding, fileName, readText(fileName).replace(/^\uFEFF/, ''), { start: pos, end })
}

function chained({ text, messageChain = [] }: SyncDiagnostic, depth: number): readonly string[] {
  return ['  '.repeat(depth) + text, ...messageChain.flatMap((next) => chained(next, depth + 1))]
}

function distinct(diagnostics: readonly BuildDiagnostic[]): readonly BuildDiagnostic[] {
  return [
    ...new Map(diagnostics.map((each) => [`${each.fileName}:${each.line}:${each.column}:${each.code}:${each.message}`, each])).values(),
  ]
}

/** Puts what TypeScript makes of our text in the place of what it made of the source. */
function replaceProcesses(files: Map<string, string>, { files: compiled }: CompiledProcesses, program: SyncProgram): void {
  for (const [source, { map }] of compiled) {
    for (const [path, { text }] of program.getJavaScriptEmit([source]).outputFiles) {
      if (map === undefined || !files.has(path)) continue
      files.set(
        path,
        path.endsWith('.map') ? JSON.stringify(composedMap(JSON.parse(text) as OutputMap, map)) : withComposedInlineMap(text, map),
      )
    }
  }
}
