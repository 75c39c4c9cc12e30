import type { AnalyzeOptions } from '../analyze/file-context.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { editText } from '../emit/text.ts'
import { composeMaps, type MapInput } from '../emit/text/compose-maps.ts'
import { sourceMap, type TextMap } from '../emit/text/source-map.ts'
import { compileFile } from './compile-file.ts'

/** How one file's text is compiled. */
export interface TextOptions extends AnalyzeOptions {
  /** Whether decorators will be lowered with `emitDecoratorMetadata`; default false. */
  readonly emitDecoratorMetadata?: boolean
  /** The name that thrown compile errors and the map show; default the last part of the file name. */
  readonly displayName?: string
}

/** What one file's text was compiled to. */
export interface TextCompiled {
  /** TypeScript or JavaScript as it came, compiled; the very input where there is nothing to compile. */
  readonly code: string
  /** Undefined where the code is the input. */
  readonly map: TextMap | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Compiles a file from text to text, for tools that bring their own TypeScript. Types stay, and every line stays where
 * it is. A file with errors gives a module that throws them.
 *
 * `inputMap` is the map of what made this text; the answer's map then leads to what that one leads to.
 *
 * ```ts
 * import { compileText } from 'catga/transformer'
 *
 * const { code, map, diagnostics } = compileText(source, 'order.process.ts', { decorators: 'standard' })
 * ```
 */
export function compileText(source: string, fileName: string, options: TextOptions = {}, inputMap?: MapInput): TextCompiled {
  const mark = source.startsWith('\uFEFF') ? '\uFEFF' : ''
  const text = source.slice(mark.length)
  const displayName = options.displayName ?? fileName.split(/[\\/]/).at(-1) ?? fileName
  const { plan, parsed, diagnostics } = compileFile({ source: text, fileName, displayName, options })
  if (plan === undefined || parsed === undefined) return { code: source, map: undefined, diagnostics }
  const edited = editText({ source: text, parsed, plan, metadata: options.emitDecoratorMetadata === true })
  const map = sourceMap(edited, displayName)
  return { code: mark + edited.code, map: inputMap === undefined ? map : composeMaps(map, inputMap), diagnostics }
}
