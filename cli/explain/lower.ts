/** Each tool's own lowering of compiled text, for ES2022 modules. */
import { dirname } from 'node:path'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import type { Lower, LoweredText } from './hosts.ts'
import type { ToolModule } from './load-tool.ts'

type Transform = (...args: readonly unknown[]) => unknown

const isTypeScript = (fileName: string): boolean => /\.[cm]?tsx?$/.test(fileName)
const language = (fileName: string): string => (isTypeScript(fileName) ? (fileName.endsWith('x') ? 'tsx' : 'ts') : 'jsx')

export const lowerWithSwc: Lower = async (tool, { code, fileName, decorators, metadata }) => {
  const parser = isTypeScript(fileName) ? { syntax: 'typescript', tsx: fileName.endsWith('x') } : { syntax: 'ecmascript', jsx: true }
  const mode = decorators === 'legacy' ? { legacyDecorator: true, decoratorMetadata: metadata } : { decoratorVersion: '2022-03' }
  return call('swc', tool['transform'], code, {
    filename: fileName,
    swcrc: false,
    configFile: false,
    sourceMaps: true,
    inputSourceMap: false,
    isModule: true,
    jsc: {
      target: 'es2022',
      parser: { ...parser, decorators: true },
      preserveAllComments: true,
      transform: { ...mode, react: { runtime: 'preserve' } },
    },
  })
}

export const lowerWithEsbuild: Lower = async (tool, { code, fileName, decorators }) =>
  call('esbuild', tool['transform'], code, {
    loader: language(fileName),
    sourcefile: fileName,
    sourcemap: 'external',
    target: 'es2022',
    jsx: 'preserve',
    logLevel: 'silent',
    tsconfigRaw: { compilerOptions: { experimentalDecorators: decorators === 'legacy' } },
  })

/** `oxc-transform` and Rolldown take the name first, Vite second. */
export const lowerWithOxc: Lower = async (tool, { code, fileName, decorators, metadata }) => {
  const decorator = decorators === 'legacy' ? { decorator: { legacy: true, emitDecoratorMetadata: metadata } } : {}
  const options = { lang: language(fileName), sourceType: 'module', target: 'es2022', sourcemap: true, jsx: 'preserve', ...decorator }
  if (typeof tool['transformWithOxc'] === 'function') return call('oxc', tool['transformWithOxc'], code, fileName, options)
  return call('oxc', tool['transform'], fileName, code, options)
}

/** `transpileModule` of `typescript/sync`. */
export const lowerWithTypeScript7: Lower = async (tool, { code, fileName, decorators, metadata }) => {
  const { API } = tool as { readonly API: new (options: { readonly cwd: string }) => SyncApi }
  const api = new API({ cwd: dirname(fileName) })
  try {
    // As in `ts.ScriptTarget` and `ts.ModuleKind`.
    const compilerOptions = {
      target: 9,
      module: 99,
      sourceMap: true,
      experimentalDecorators: decorators === 'legacy',
      emitDecoratorMetadata: metadata,
    }
    const { outputText, sourceMapText } = api.transpileModule(code, { fileName, compilerOptions })
    return await Promise.resolve({ code: outputText, map: sourceMapText ?? NO_MAP })
  } finally {
    api.close()
  }
}

interface SyncApi {
  transpileModule(input: string, options: object): { readonly outputText: string; readonly sourceMapText?: string }
  close(): void
}

const NO_MAP = '{"version":3,"sources":[],"names":[],"mappings":""}'

async function call(name: string, transform: ToolModule[string], ...args: readonly unknown[]): Promise<LoweredText> {
  try {
    const { code, map, errors } = (await (transform as Transform)(...args)) as Answer
    const [first] = errors ?? []
    if (first !== undefined) throw new Error(first.message)
    return { code, map: typeof map === 'string' ? map : JSON.stringify(map ?? JSON.parse(NO_MAP)) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new CliError(EXIT.failed, 'tool-failed', `${name} cannot lower this file: ${message.trim()}`)
  }
}

interface Answer {
  readonly code: string
  readonly map?: string | object | null
  readonly errors?: readonly { readonly message: string }[]
}
