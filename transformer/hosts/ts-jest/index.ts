/**
 * `catga/ts-jest`: the compiler as a transformer of ts-jest, for its type-checking and its isolated mode, CommonJS and ESM.
 *
 * ts-jest keeps what it compiled by the name and version of its transformers, so another version of Catga compiles anew.
 */
import type ts from 'typescript'
import type { TypeScript } from '../../emit/ast/ast-emitter.ts'
import { applyPlan } from '../../emit/ast.ts'
import { VERSION } from '../compiler-version.ts'
import { SourceFileCompiler } from '../source-file-compiler.ts'
import { toTsDiagnostic } from '../ts-diagnostic.ts'

/** What the transformer uses of ts-jest's compiler. */
export interface TsJestCompiler {
  readonly configSet: {
    readonly compilerModule: TypeScript
    readonly rootDir: string
    /** Throws them, or logs them, as ts-jest's option `diagnostics` says. */
    raiseDiagnostics(diagnostics: ts.Diagnostic[], fileName?: string): void
  }
}

/** What ts-jest calls the transformer in its cache. */
export const name = 'catga'

/** Version of the compiler, for ts-jest's cache. */
export const version: string = VERSION

/**
 * What ts-jest calls for each file it compiles.
 *
 * ```ts
 * // jest.config.ts
 * export default {
 *   transform: { '^.+\\.tsx?$': ['ts-jest', { astTransformers: { before: ['catga/ts-jest'] } }] },
 * }
 * ```
 */
export function factory({ configSet }: TsJestCompiler): ts.TransformerFactory<ts.SourceFile> {
  const ts = configSet.compilerModule
  const compiler = new SourceFileCompiler(configSet.rootDir)
  return (context) => (file) => {
    const original = ts.getOriginalNode(file) as ts.SourceFile
    const compiled = compiler.compile(original, context.getCompilerOptions())
    if (compiled === undefined) return file
    const found = compiled.diagnostics.map((diagnostic) => toTsDiagnostic(ts, original, diagnostic))
    const errors = found.filter(({ category }) => category === ts.DiagnosticCategory.Error)
    if (errors.length > 0) configSet.raiseDiagnostics(errors, original.fileName)
    warn(
      ts,
      found.filter(({ category }) => category === ts.DiagnosticCategory.Warning),
    )
    return compiled.plan === undefined ? file : applyPlan(ts, context, file, compiled.plan)
  }
}

/** ts-jest fails a test for any warning it is given, so they are printed beside it. */
function warn(ts: TypeScript, warnings: readonly ts.Diagnostic[]): void {
  if (warnings.length === 0) return
  const host = {
    getCanonicalFileName: (path: string) => path,
    getCurrentDirectory: ts.sys.getCurrentDirectory,
    getNewLine: () => ts.sys.newLine,
  }
  process.stderr.write(ts.formatDiagnosticsWithColorAndContext(warnings, host))
}
