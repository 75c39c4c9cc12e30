/** What turns compiled TypeScript into JavaScript that this Node runs; one file per tool beside this one. */
import type { ModuleFormat } from '../node-module.ts'
import type { LoweringOptions } from './lowering-options.ts'

export interface LowerModule {
  readonly code: string
  readonly fileName: string
  readonly format: ModuleFormat
  readonly options: LoweringOptions
}

export interface Lowered {
  readonly code: string
  readonly map: string
}

export type Lower = (module: LowerModule) => Lowered

/** Syntax by file name, as tools want to be told. */
export function syntaxOf(fileName: string): { readonly typescript: boolean; readonly jsx: boolean } {
  return { typescript: /\.[cm]?tsx?$/.test(fileName), jsx: /\.[jt]sx$/.test(fileName) }
}
