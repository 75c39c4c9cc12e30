import type ts from 'typescript'
import type { AnalyzeOptions } from '../analyze/file-context.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { TypeScript } from '../emit/ast/ast-emitter.ts'
import { applyPlan } from '../emit/ast.ts'
import { compileFile } from './compile-file.ts'

/** How one file is compiled. */
export interface TranspileOptions {
  /** The TypeScript to compile with: 5.9 or 6. */
  readonly ts: TypeScript
  /** Default: ES2022 modules with a source map. */
  readonly compilerOptions?: ts.CompilerOptions
  /** Source of a module that process code imports, to look at the functions it calls. */
  readonly readOtherModule?: AnalyzeOptions['readOtherModule']
}

/** What one file was compiled to. */
export interface Transpiled {
  readonly code: string
  /** Source map as JSON; undefined when the options ask for none or for an inline one. */
  readonly map: string | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Compiles one file without a program, as `ts.transpileModule` does. A file with errors gives a module that throws them.
 *
 * ```ts
 * import ts from 'typescript'
 * import { transpile } from 'catga/transformer'
 *
 * const { code, diagnostics } = transpile(source, 'order.process.ts', { ts })
 * ```
 */
export function transpile(source: string, fileName: string, { ts, compilerOptions = {}, readOtherModule }: TranspileOptions): Transpiled {
  const options = withDefaults(ts, compilerOptions)
  // TypeScript drops a byte order mark before it counts positions.
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source
  const decorators = options.experimentalDecorators === true ? 'legacy' : 'standard'
  const displayName = fileName.split(/[\\/]/).at(-1) ?? fileName
  const { plan, diagnostics } = compileFile({
    source: text,
    fileName,
    displayName,
    options: { decorators, ...(readOtherModule && { readOtherModule }) },
  })
  const before: ts.TransformerFactory<ts.SourceFile>[] =
    plan === undefined ? [] : [(context) => (file) => applyPlan(ts, context, file, plan)]
  const output = ts.transpileModule(text, { fileName, compilerOptions: options, reportDiagnostics: true, transformers: { before } })
  const syntax = (output.diagnostics ?? []).map((diagnostic) => fromTsDiagnostic(ts, fileName, diagnostic))
  // The map is handed over beside the code; a comment that names a file nobody wrote would only mislead.
  const code = output.sourceMapText === undefined ? output.outputText : output.outputText.replace(/\/\/# sourceMappingURL=.*\s*$/, '')
  return { code, map: output.sourceMapText, diagnostics: [...syntax, ...diagnostics] }
}

function withDefaults(ts: TypeScript, options: ts.CompilerOptions): ts.CompilerOptions {
  const sourceMap = options.sourceMap ?? options.inlineSourceMap !== true
  const maps = sourceMap ? { sourceMap, inlineSources: true } : { sourceMap }
  return { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, ...maps, ...options }
}

function fromTsDiagnostic(ts: TypeScript, fileName: string, { code, start = 0, length = 0, messageText }: ts.Diagnostic): Diagnostic {
  const message = ts.flattenDiagnosticMessageText(messageText, '\n')
  return { code: `TS${code}`, severity: 'error', message, fileName, span: { start, end: start + length } }
}
