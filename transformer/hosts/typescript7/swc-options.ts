/** What a `tsconfig.json` says, said to swc. */
import { extname } from 'node:path'

type CompilerOptions = Readonly<Record<string, unknown>>

export interface SwcFile {
  readonly fileName: string
  /** What the nearest `package.json` says. */
  readonly packageType: 'module' | 'commonjs'
  readonly options: CompilerOptions
}

/** Options that swc has no word for, and what happens instead. */
const NOT_HONOURED: readonly (readonly [option: string, instead: string])[] = [
  ['importHelpers', 'helpers are written into each file that needs them; swc does not import them from tslib'],
  ['noEmitHelpers', 'helpers are written into each file that needs them'],
  ['removeComments', 'comments stay'],
  ['mapRoot', 'maps are beside the code'],
]

export function notHonoured(options: CompilerOptions): readonly string[] {
  const named = NOT_HONOURED.filter(([option]) => options[option] !== undefined && options[option] !== false)
  const newLine = text(options, 'newLine') === 'crlf' ? ['newLine: lines end with a line feed'] : []
  return [...named.map(([option, instead]) => `${option}: ${instead}`), ...newLine]
}

export function swcOptions({ fileName, packageType, options }: SwcFile): Readonly<Record<string, unknown>> {
  const format = moduleFormat({ fileName, packageType, options })
  return {
    filename: fileName,
    swcrc: false,
    configFile: false,
    // Maps are composed here: what swc does with an input map loses places.
    inputSourceMap: false,
    sourceMaps: options['sourceMap'] === true || options['inlineSourceMap'] === true,
    isModule: format === 'commonjs' ? 'unknown' : true,
    jsc: {
      target: target(options),
      parser: parser(fileName),
      keepClassNames: true,
      preserveAllComments: true,
      rewriteRelativeImportExtensions: options['rewriteRelativeImportExtensions'] === true,
      transform: transform(options),
    },
    module: module(format, options),
  }
}

function transform(options: CompilerOptions): Readonly<Record<string, unknown>> {
  const legacy = options['experimentalDecorators'] === true
  const fields = options['useDefineForClassFields']
  return {
    ...(legacy ? { legacyDecorator: true, decoratorMetadata: options['emitDecoratorMetadata'] === true } : { decoratorVersion: '2022-03' }),
    useDefineForClassFields:
      typeof fields === 'boolean' ? fields : !/^es(?:20(?:1\d|2[01])|[56])$/.test(text(options, 'target') ?? 'latest'),
    verbatimModuleSyntax: options['verbatimModuleSyntax'] === true,
    // One file at a time, nobody knows who else uses it.
    treatConstEnumAsEnum: true,
    react: react(options),
  }
}

const JSX_RUNTIME: Readonly<Record<string, string>> = {
  react: 'classic',
  'react-jsx': 'automatic',
  'react-jsxdev': 'automatic',
  preserve: 'preserve',
  'react-native': 'preserve',
}

function react(options: CompilerOptions): Readonly<Record<string, unknown>> {
  const jsx = text(options, 'jsx') ?? 'react-jsx'
  const [factory, fragment, source] = ['jsxFactory', 'jsxFragmentFactory', 'jsxImportSource'].map((name) => options[name])
  return {
    runtime: JSX_RUNTIME[jsx] ?? 'automatic',
    development: jsx === 'react-jsxdev',
    ...(factory !== undefined && { pragma: factory }),
    ...(fragment !== undefined && { pragmaFrag: fragment }),
    ...(source !== undefined && { importSource: source }),
  }
}

function parser(fileName: string): Readonly<Record<string, unknown>> {
  return /\.[cm]?tsx?$/.test(fileName)
    ? { syntax: 'typescript', tsx: fileName.endsWith('x'), decorators: true }
    : { syntax: 'ecmascript', jsx: true, decorators: true, autoAccessors: true, explicitResourceManagement: true }
}

function target(options: CompilerOptions): string {
  const wanted = text(options, 'target') ?? 'es2025'
  if (wanted === 'es6') return 'es2015'
  return /^es20(?:1[5-9]|2[0-4])$/.test(wanted) ? wanted : 'esnext'
}

function moduleFormat({ fileName, packageType, options }: SwcFile): 'esm' | 'node-esm' | 'commonjs' {
  const kind = text(options, 'module') ?? 'esnext'
  if (kind === 'commonjs') return 'commonjs'
  if (!kind.startsWith('node')) return 'esm'
  const ending = extname(fileName)
  if (ending === '.mts' || ending === '.mjs') return 'node-esm'
  return ending === '.cts' || ending === '.cjs' || packageType === 'commonjs' ? 'commonjs' : 'node-esm'
}

function module(format: ReturnType<typeof moduleFormat>, options: CompilerOptions): Readonly<Record<string, unknown>> {
  if (format !== 'commonjs') return { type: format === 'esm' ? 'es6' : 'nodenext' }
  // Node finds names of CommonJS exports by reading; and what it may not `require` it may `import()`.
  return { type: 'commonjs', exportInteropAnnotation: true, ignoreDynamic: text(options, 'module') !== 'commonjs' }
}

function text(options: CompilerOptions, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' ? value.toLowerCase() : undefined
}
