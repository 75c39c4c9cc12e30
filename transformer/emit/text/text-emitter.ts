/** What every operation of the text back end works with. */
import type { Span } from '../../model/file-model.ts'
import type { Node, Program } from '../../parse/ast.ts'
import type { GeneratedCall } from '../operation.ts'
import type { Edits } from './edits.ts'
import { literalText } from './literal-text.ts'
import type { SourceText } from './source-text.ts'
import type { SyntaxIndex } from './syntax-index.ts'

export interface TextEmitter {
  readonly source: SourceText
  readonly program: Program
  readonly syntax: SyntaxIndex
  readonly edits: Edits
  /** Whether TypeScript's decorator metadata will be emitted from the text, which hangs on there being a decorator. */
  readonly metadata: boolean
  readonly isErased: (span: Span) => boolean
}

/** `object.method(arguments, rest)`. */
export function callText(call: GeneratedCall, rest: readonly string[] = []): string {
  return `${call.object}.${call.method}(${[...argumentTexts(call), ...rest].join(', ')})`
}

export function argumentTexts(call: GeneratedCall): string[] {
  return call.arguments.map((argument) => {
    if (argument.kind === 'this') return 'this'
    return argument.kind === 'name' ? argument.name : literalText(argument.value)
  })
}

/** Statements at the start of a body that are directives such as `'use strict'`; generated code goes behind them. */
export function directives(statements: readonly Node[]): readonly Node[] {
  const end = statements.findIndex((statement) => {
    return (
      statement.type !== 'ExpressionStatement' || statement.expression.type !== 'Literal' || typeof statement.expression.value !== 'string'
    )
  })
  return end === -1 ? statements : statements.slice(0, end)
}
