/**
 * Builds a project with `tsc` of TypeScript 7, which checks the untouched source and makes the declarations, and swc, which makes the
 * JavaScript of our compiled text, one file at a time. What swc cannot do that way `tsc` is asked to refuse: `isolatedModules`.
 */
import { dirname, relative, sep } from 'node:path'
import { type BuildDiagnostic, diagnosticOfProject } from './build-diagnostic.ts'
import { PackageTypes } from '../package-type.ts'
import { type BuildProject, hasErrors, isOwnSource, type ProjectBuild, readText, writeOutputs } from './build-project.ts'
import { composedMap, inlineMapComment, type OutputMap } from './composed-output.ts'
import { outputPlace } from './output-place.ts'
import { type CompiledProcesses, compileProcesses } from './project-compiler.ts'
import { type Checked, runTsc, showConfig } from './run-tsc.ts'
import type { Swc } from './swc-api.ts'
import { notHonoured, swcOptions } from './swc-options.ts'
import { withoutUnusedUndos } from './unused-undo.ts'

type CompilerOptions = Readonly<Record<string, unknown>>

/** A build information file would say that everything has been emitted, which is true of the declarations alone. */
const NOTHING_KEPT = ['--composite', 'false', '--incremental', 'false']

export async function buildWithSwc(swc: Swc, { project, typescript, cwd, mode }: BuildProject): Promise<ProjectBuild> {
  const { configFile } = project
  const { compilerOptions } = await showConfig(typescript.tsc, configFile)
  const stays = mode === 'check' || compilerOptions['noEmit'] === true
  const declares = !stays && (compilerOptions['declaration'] === true || compilerOptions['composite'] === true)
  const onlyIfRight = compilerOptions['noEmitOnError'] === true
  const check = (way: 'check' | 'declarations'): Promise<Checked> =>
    runTsc({ tsc: typescript.tsc, configFile, flags: flagsOf(compilerOptions, way) })
  const checked = await check(declares && !onlyIfRight ? 'declarations' : 'check')
  const sources = checked.files.filter(isOwnSource)
  const processes = compileProcesses(sources, cwd, compilerOptions)
  const diagnostics = [...withoutUnusedUndos(checked.diagnostics, readText), ...processes.diagnostics]
  const base = { configFile, diagnostics, notHonoured: stays ? [] : notHonoured(compilerOptions) }
  if (stays || (onlyIfRight && hasErrors(diagnostics))) return { ...base, emitted: [] }
  const { emitted: declarations } = declares && onlyIfRight ? await check('declarations') : checked
  if (compilerOptions['emitDeclarationOnly'] === true) return { ...base, emitted: declarations }
  const outputs = new Map<string, string>()
  const refused: BuildDiagnostic[] = []
  const packages = new PackageTypes()
  for (const source of sources) {
    const emit = { swc, packages, source, configFile, compilerOptions, compiled: processes.files.get(source) }
    try {
      for (const [path, text] of await emitFile(emit)) outputs.set(path, text)
    } catch (error) {
      // What does not parse TypeScript has told already, in its own words.
      if (!diagnostics.some(({ fileName, severity }) => fileName === source && severity === 'error')) refused.push(fromSwc(error, source))
    }
  }
  for (const json of checked.files.filter((path) => path.endsWith('.json') && typeof compilerOptions['outDir'] === 'string')) {
    outputs.set(outputPlace(json, configFile, compilerOptions), readText(json))
  }
  return { ...base, diagnostics: [...diagnostics, ...refused], emitted: [...declarations, ...writeOutputs(outputs, checked.files)] }
}

/** swc appends the stack of its own machine code, which helps nobody. */
function fromSwc(error: unknown, fileName: string): BuildDiagnostic {
  const [message = ''] = (error instanceof Error ? error.message : String(error)).split(/\n\s*Stack backtrace:/)
  return { ...diagnosticOfProject({ code: 'SWC', severity: 'error', message: message.trim() }), fileName }
}

function flagsOf(options: CompilerOptions, way: 'check' | 'declarations'): readonly string[] {
  const emit = way === 'check' ? ['--noEmit'] : ['--emitDeclarationOnly', '--declaration', '--noEmitOnError', 'false']
  const buildInfo = options['tsBuildInfoFile'] === undefined ? [] : ['--tsBuildInfoFile', 'null']
  return [...emit, '--isolatedModules', 'true', ...NOTHING_KEPT, ...buildInfo]
}

interface EmitFile {
  readonly swc: Swc
  readonly packages: PackageTypes
  readonly source: string
  readonly configFile: string
  readonly compilerOptions: CompilerOptions
  readonly compiled: CompiledProcesses['files'] extends ReadonlyMap<string, infer Compiled> ? Compiled | undefined : never
}

async function emitFile({
  swc,
  packages,
  source,
  configFile,
  compilerOptions,
  compiled,
}: EmitFile): Promise<readonly (readonly [string, string])[]> {
  const text = compiled?.code ?? readText(source)
  const options = swcOptions({ fileName: source, packageType: packages.of(source) ?? 'commonjs', options: compilerOptions })
  const { code, map } = await swc.transform(text, options)
  const path = outputPlace(source, configFile, compilerOptions)
  const mark = compilerOptions['emitBOM'] === true ? '\uFEFF' : ''
  if (map === undefined) return [[path, mark + code]]
  const lowered = JSON.parse(map) as OutputMap
  const led = compiled?.map === undefined ? lowered : composedMap(lowered, compiled.map)
  const final = placedMap(led, { path, source, text: readText(source), options: compilerOptions })
  if (compilerOptions['inlineSourceMap'] === true) return [[path, `${mark}${code}${inlineMapComment(final)}\n`]]
  const name = path.split(/[\\/]/).at(-1) ?? ''
  return [
    [path, `${mark}${code}//# sourceMappingURL=${encodeURI(name)}.map\n`],
    [`${path}.map`, JSON.stringify(final)],
  ]
}

interface MapPlace {
  readonly path: string
  readonly source: string
  readonly text: string
  readonly options: CompilerOptions
}

/** Names the source as TypeScript would. */
function placedMap({ names, mappings }: OutputMap, { path, source, text, options }: MapPlace): OutputMap {
  const { sourceRoot } = options
  const from = relative(dirname(path), source).split(sep).map(encodeURIComponent).join('/')
  return {
    version: 3,
    file: path.split(/[\\/]/).at(-1) ?? '',
    ...(typeof sourceRoot === 'string' && { sourceRoot }),
    sources: [from],
    ...(options['inlineSources'] === true && { sourcesContent: [text] }),
    names,
    mappings,
  }
}
