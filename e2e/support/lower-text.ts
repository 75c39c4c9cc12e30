/** What other tools make of compiled text. */
import { transformSync } from 'esbuild'
import ts from 'typescript'

export interface Lowered {
  readonly code: string
  readonly map: null
}

export function lowerWithTypeScript(text: string, fileName: string, options: ts.CompilerOptions): Lowered {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, ...options }
  return { code: ts.transpileModule(text, { fileName, compilerOptions }).outputText, map: null }
}

export function lowerWithEsbuild(text: string, fileName: string, options: ts.CompilerOptions): Lowered {
  const compilerOptions = options.experimentalDecorators === true ? { experimentalDecorators: true } : {}
  const { code } = transformSync(text, { loader: 'ts', sourcefile: fileName, target: 'es2022', tsconfigRaw: { compilerOptions } })
  return { code, map: null }
}
