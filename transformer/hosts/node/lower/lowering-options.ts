/** What a `tsconfig.json` says of how its files become JavaScript. The syntax is this Node's whatever its `target` is. */
import type { TsConfigJson } from 'get-tsconfig'
import type { ModuleFormat } from '../node-module.ts'

export interface LoweringOptions {
  readonly experimentalDecorators: boolean
  readonly emitDecoratorMetadata: boolean
  /** Given, or what `target` means for it. */
  readonly useDefineForClassFields: boolean
  readonly verbatimModuleSyntax: boolean
  readonly jsx: 'react' | 'react-jsx' | 'react-jsxdev'
  readonly jsxFactory: string | undefined
  readonly jsxFragmentFactory: string | undefined
  readonly jsxImportSource: string | undefined
  /** What `module` says where a package does not. */
  readonly format: ModuleFormat | undefined
}

export function loweringOptions(options: TsConfigJson.CompilerOptions): LoweringOptions {
  const { jsx } = options
  return {
    experimentalDecorators: options.experimentalDecorators === true,
    emitDecoratorMetadata: options.emitDecoratorMetadata === true,
    useDefineForClassFields: options.useDefineForClassFields ?? definesFields(options.target),
    verbatimModuleSyntax: options.verbatimModuleSyntax === true,
    // `preserve` is for tools that come later; nothing comes after us.
    jsx: jsx === 'react-jsx' || jsx === 'react-jsxdev' ? jsx : 'react',
    jsxFactory: options.jsxFactory,
    jsxFragmentFactory: options.jsxFragmentFactory,
    jsxImportSource: options.jsxImportSource,
    format: options.module?.toLowerCase() === 'commonjs' ? 'commonjs' : undefined,
  }
}

/** Fields are assigned below ES2022. Without a target we follow TypeScript 6, whose default is above it. */
function definesFields(target: string | undefined): boolean {
  const year = /^es(?:20)?(\d+)$/i.exec(target ?? '')?.[1]
  return year === undefined || Number(year) >= 22
}
