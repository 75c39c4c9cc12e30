import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import type { Plugin } from 'vitest/config'
import { codeFrame, compileText, formatDiagnostic, type TextOptions, transpile } from '../../transformer/index.ts'
import { lowerWithEsbuild, lowerWithTypeScript } from './lower-text.ts'

/**
 * Compiles process files as `tspc` would when a test of this project imports them. An `options.json` beside a file adds
 * compiler options; `?uncompiled` on an import leaves our plugin out, `?text-typescript` and `?text-esbuild` compile the
 * text first and then have the named tool lower it.
 */
export function catgaVitest(matches: (fileName: string) => boolean): Plugin {
  return {
    name: 'catga',
    enforce: 'pre',
    load(id) {
      const [fileName = id, query] = id.split('?')
      if (!fileName.endsWith('.ts') || !matches(fileName)) return null
      const source = readFileSync(fileName, 'utf8')
      const compilerOptions = optionsBeside(fileName)
      if (query === 'uncompiled') return uncompiled(source, fileName, compilerOptions)
      if (query === 'text-typescript' || query === 'text-esbuild') {
        const lower = query === 'text-typescript' ? lowerWithTypeScript : lowerWithEsbuild
        return lower(compileText(source, fileName, textOptions(compilerOptions)).code, fileName, compilerOptions)
      }
      const { code, map, diagnostics } = transpile(source, fileName, { ts, compilerOptions })
      // A file with errors still loads: it throws them, and a test may be about that.
      for (const diagnostic of diagnostics) {
        this.warn(`${formatDiagnostic(diagnostic, source)}\n${codeFrame(source, diagnostic.span)}`)
      }
      return { code, map: map ?? null }
    },
  }
}

function textOptions({ experimentalDecorators, emitDecoratorMetadata }: ts.CompilerOptions): TextOptions {
  return { decorators: experimentalDecorators === true ? 'legacy' : 'standard', emitDecoratorMetadata: emitDecoratorMetadata === true }
}

function optionsBeside(fileName: string): ts.CompilerOptions {
  const file = join(dirname(fileName), 'options.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ts.CompilerOptions) : {}
}

function uncompiled(source: string, fileName: string, options: ts.CompilerOptions): { code: string; map: string | null } {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, sourceMap: true, ...options }
  const { outputText, sourceMapText } = ts.transpileModule(source, { fileName, compilerOptions })
  return { code: outputText, map: sourceMapText ?? null }
}
