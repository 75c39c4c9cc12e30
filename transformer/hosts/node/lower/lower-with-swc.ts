import type { Lower } from './lowering.ts'
import { syntaxOf } from './lowering.ts'

interface Swc {
  readonly transformSync: (code: string, options: Readonly<Record<string, unknown>>) => { readonly code: string; readonly map?: string }
}

export function isSwc(tool: unknown): tool is Swc {
  return typeof (tool as Partial<Swc> | undefined)?.transformSync === 'function'
}

export function lowerWithSwc(swc: Swc): Lower {
  return ({ code, fileName, format, options }) => {
    const { typescript, jsx } = syntaxOf(fileName)
    const output = swc.transformSync(code, {
      filename: fileName,
      swcrc: false,
      configFile: false,
      sourceMaps: true,
      inlineSourcesContent: false,
      inputSourceMap: false,
      jsc: {
        target: 'es2022',
        parser: typescript ? { syntax: 'typescript', tsx: jsx, decorators: true } : { syntax: 'ecmascript', jsx, decorators: true },
        transform: {
          legacyDecorator: options.experimentalDecorators,
          decoratorMetadata: options.emitDecoratorMetadata,
          ...(!options.experimentalDecorators && { decoratorVersion: '2022-03' }),
          useDefineForClassFields: options.useDefineForClassFields,
          verbatimModuleSyntax: options.verbatimModuleSyntax && format === 'module',
          react: {
            runtime: options.jsx === 'react' ? 'classic' : 'automatic',
            development: options.jsx === 'react-jsxdev',
            ...(options.jsxFactory !== undefined && { pragma: options.jsxFactory }),
            ...(options.jsxFragmentFactory !== undefined && { pragmaFrag: options.jsxFragmentFactory }),
            ...(options.jsxImportSource !== undefined && { importSource: options.jsxImportSource }),
          },
        },
        keepClassNames: true,
        preserveAllComments: true,
      },
      module: format === 'module' ? { type: 'es6' } : { type: 'commonjs', ignoreDynamic: true },
    })
    return { code: output.code, map: output.map ?? EMPTY_MAP }
  }
}

const EMPTY_MAP = '{"version":3,"sources":[],"names":[],"mappings":""}'
