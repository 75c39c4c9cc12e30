import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import type { Plugin } from 'vitest/config'
import { codeFrame, compileText, composeMaps, formatDiagnostic, transpile } from '../../transformer/index.ts'
import { lowerText, type Target, type Tool } from './lower-text.ts'

/** How a fixture is compiled: by our AST back end within TypeScript, or from text to text and then by a tool. */
export interface Variant {
  readonly by: 'ast' | Tool
  readonly target: Target
  readonly decorators: 'standard' | 'legacy'
}

/** What to import for a variant of a file: a module that exists for the plugin alone, and that nothing compiles a second time. */
export function variantModule(fileName: string, { by, target, decorators }: Variant): string {
  return `${fileName}.${by}.${target}.${decorators}.js`
}

const VARIANT = /^(.*)\.(ast|typescript|swc|esbuild|oxc)\.(es2017|es2022|esnext)\.(standard|legacy)\.js$/

/**
 * Compiles process files as `tspc` would when a test of this project imports them. An `options.json` beside a file adds
 * compiler options; `?uncompiled` on an import leaves our plugin out; see `variantModule` for other ways.
 */
export function catgaVitest(matches: (fileName: string) => boolean): Plugin {
  return {
    name: 'catga',
    enforce: 'pre',
    resolveId: (id) => (VARIANT.test(id) ? id : null),
    load(id) {
      const [, of = '', by, target, decorators] = VARIANT.exec(id) ?? []
      if (by !== undefined) return compileVariant(readFileSync(of, 'utf8'), of, { by, target, decorators } as Variant)
      const [fileName = id, query] = id.split('?')
      if (!fileName.endsWith('.ts') || !matches(fileName)) return null
      const source = readFileSync(fileName, 'utf8')
      const compilerOptions = optionsBeside(fileName)
      if (query === 'uncompiled') return uncompiled(source, fileName, compilerOptions)
      const { code, map, diagnostics } = transpile(source, fileName, { ts, compilerOptions })
      // A file with errors still loads: it throws them, and a test may be about that.
      for (const diagnostic of diagnostics) {
        this.warn(`${formatDiagnostic(diagnostic, source)}\n${codeFrame(source, diagnostic.span)}`)
      }
      return { code, map: map ?? null }
    },
  }
}

/** An `options.json` beside the file asks for metadata. */
export function compileVariant(source: string, fileName: string, { by, target, decorators }: Variant): { code: string; map: string } {
  const metadata = decorators === 'legacy' && optionsBeside(fileName).emitDecoratorMetadata === true
  if (by === 'ast') {
    const experimentalDecorators = decorators === 'legacy'
    const compilerOptions = { target: TS_TARGETS[target], experimentalDecorators, emitDecoratorMetadata: metadata, jsx: ts.JsxEmit.React }
    const { code, map } = transpile(source, fileName, { ts, compilerOptions })
    return { code, map: map ?? '' }
  }
  const compiled = compileText(source, fileName, { decorators, emitDecoratorMetadata: metadata })
  const { code, map } = lowerText(by, { text: compiled.code, fileName, target, decorators, metadata })
  return { code, map: compiled.map === undefined ? map : JSON.stringify(composeMaps(map, compiled.map)) }
}

const TS_TARGETS = { es2017: ts.ScriptTarget.ES2017, es2022: ts.ScriptTarget.ES2022, esnext: ts.ScriptTarget.ESNext }

function optionsBeside(fileName: string): ts.CompilerOptions {
  const file = join(dirname(fileName), 'options.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ts.CompilerOptions) : {}
}

function uncompiled(source: string, fileName: string, options: ts.CompilerOptions): { code: string; map: string | null } {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, sourceMap: true, ...options }
  const { outputText, sourceMapText } = ts.transpileModule(source, { fileName, compilerOptions })
  return { code: outputText, map: sourceMapText ?? null }
}
