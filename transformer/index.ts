/**
 * `catga/transformer`: the compiler plugin. The default export is what ts-patch calls; the rest is for tools.
 */
import type ts from 'typescript'
import type { PluginConfig, PluginExtras } from './hosts/tsc.ts'
import { createProgramTransformer, createTransformer } from './hosts/tsc.ts'

export { analyze } from './analyze/analyze.ts'
export type { AnalyzeOptions } from './analyze/file-context.ts'
export { codeFrame } from './diagnostics/code-frame.ts'
export type { Diagnostic, Severity } from './diagnostics/diagnostic.ts'
export { VERSION } from './hosts/compiler-version.ts'
export { optionsOfProject } from './hosts/options-of-project.ts'
export { compileText } from './hosts/text-compile.ts'
export type { TextCompiled, TextOptions } from './hosts/text-compile.ts'
export { formatDiagnostic } from './hosts/format-diagnostic.ts'
export { transpile } from './hosts/transpile.ts'
export type { Transpiled, TranspileOptions } from './hosts/transpile.ts'
export type { PluginConfig, PluginExtras } from './hosts/tsc.ts'
export { composeMaps } from './emit/text/compose-maps.ts'
export type { MapInput } from './emit/text/compose-maps.ts'
export type { TextMap } from './emit/text/source-map.ts'
export type { FileModel } from './model/file-model.ts'

/** ts-patch's second kind of plugin has the compiler host between program and configuration. */
type ProgramArguments = [host: ts.CompilerHost | undefined, config: PluginConfig, extras: PluginExtras]
type SourceArguments = [config: PluginConfig, extras: PluginExtras]

function plugin(program: ts.Program, ...rest: SourceArguments): ts.TransformerFactory<ts.SourceFile>
function plugin(program: ts.Program, ...rest: ProgramArguments): ts.Program
function plugin(program: ts.Program, ...rest: SourceArguments | ProgramArguments): ts.TransformerFactory<ts.SourceFile> | ts.Program {
  const extras = rest.at(-1) as Partial<PluginExtras> | undefined
  if (extras?.ts === undefined) {
    throw new TypeError(
      'catga/transformer was called as another kind of plugin. Write { "transform": "catga/transformer" } in compilerOptions.plugins of tsconfig.json, without "type".',
    )
  }
  if (rest.length === 2) return createTransformer(program, ...rest)
  const [, ...programArguments] = rest
  return createProgramTransformer(program, ...programArguments)
}

/**
 * The plugin for `tspc`.
 *
 * ```json
 * { "compilerOptions": { "plugins": [{ "transform": "catga/transformer" }] } }
 * ```
 */
export default plugin
