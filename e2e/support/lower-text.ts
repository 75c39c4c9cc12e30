/** What other tools make of compiled text: each as a host of ours calls it, with its own map of what it did. */
import { transformSync as swc } from '@swc/core'
import { transformSync as esbuild } from 'esbuild'
import { transformSync as oxc } from 'oxc-transform'
import ts from 'typescript'

export const TOOLS = ['typescript', 'swc', 'esbuild', 'oxc'] as const
export type Tool = (typeof TOOLS)[number]

export const TARGETS = ['es2017', 'es2022', 'esnext'] as const
export type Target = (typeof TARGETS)[number]

export interface LowerText {
  readonly text: string
  /** Its extension tells whether there is JSX in it. */
  readonly fileName: string
  readonly target: Target
  readonly decorators: 'standard' | 'legacy'
  /** Whether legacy decorators get TypeScript's metadata. */
  readonly metadata: boolean
}

export interface Lowered {
  readonly code: string
  readonly map: string
}

/** @throws Error the tool reports errors */
export function lowerText(tool: Tool, request: LowerText): Lowered {
  return LOWERERS[tool](request)
}

const LOWERERS: Readonly<Record<Tool, (request: LowerText) => Lowered>> = {
  typescript({ text, fileName, target, decorators, metadata }) {
    const { outputText, sourceMapText, diagnostics } = ts.transpileModule(text, {
      fileName,
      reportDiagnostics: true,
      compilerOptions: {
        target: { es2017: ts.ScriptTarget.ES2017, es2022: ts.ScriptTarget.ES2022, esnext: ts.ScriptTarget.ESNext }[target],
        module: ts.ModuleKind.ESNext,
        jsx: ts.JsxEmit.React,
        useDefineForClassFields: true,
        experimentalDecorators: decorators === 'legacy',
        emitDecoratorMetadata: metadata,
        sourceMap: true,
      },
    })
    fail(
      'typescript',
      fileName,
      (diagnostics ?? []).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
    )
    return { code: outputText, map: sourceMapText ?? '' }
  },
  swc({ text, fileName, target, decorators, metadata }) {
    const { code, map } = swc(text, {
      filename: fileName,
      swcrc: false,
      configFile: false,
      sourceMaps: true,
      inputSourceMap: false,
      isModule: true,
      module: { type: 'es6' },
      jsc: {
        target,
        parser: isScript(fileName)
          ? { syntax: 'ecmascript', jsx: hasJsx(fileName), decorators: true }
          : { syntax: 'typescript', tsx: hasJsx(fileName), decorators: true },
        transform: {
          ...(decorators === 'legacy' ? { legacyDecorator: true, decoratorMetadata: metadata } : { decoratorVersion: '2022-03' as const }),
          useDefineForClassFields: true,
        },
      },
    })
    return { code, map: map ?? '' }
  },
  esbuild({ text, fileName, target, decorators }) {
    const compilerOptions = { experimentalDecorators: decorators === 'legacy', useDefineForClassFields: true }
    const loader = isScript(fileName) ? 'jsx' : hasJsx(fileName) ? 'tsx' : 'ts'
    const options = { loader, sourcefile: fileName, target, sourcemap: 'external', tsconfigRaw: { compilerOptions } } as const
    const { code, map } = esbuild(text, { ...options, logLevel: 'silent' })
    return { code, map }
  },
  oxc({ text, fileName, target, decorators, metadata }) {
    const { code, map, errors } = oxc(fileName, text, {
      lang: isScript(fileName) ? 'jsx' : hasJsx(fileName) ? 'tsx' : 'ts',
      sourceType: 'module',
      target,
      sourcemap: true,
      jsx: { runtime: 'classic' },
      ...(decorators === 'legacy' ? { decorator: { legacy: true, emitDecoratorMetadata: metadata } } : {}),
    })
    fail(
      'oxc',
      fileName,
      errors.map(({ message }) => message),
    )
    return { code, map: JSON.stringify(map) }
  },
}

function fail(tool: Tool, fileName: string, messages: readonly string[]): void {
  if (messages.length > 0) throw new Error(`${tool} on ${fileName}: ${messages.join('; ')}`)
}

function isScript(fileName: string): boolean {
  return /\.[cm]?jsx?$/.test(fileName)
}

function hasJsx(fileName: string): boolean {
  return /\.[jt]sx$/.test(fileName)
}
