/**
 * The text back end: carries out a plan on source text.
 *
 * Invariants
 * 1. Every token of the user's stays on its line; the one exception is the `id` function, which moves to the static block.
 * 2. Nothing of the user's is written anew: code goes around it.
 * 3. Parsed, the result is what the AST back end makes of the same plan, token for token.
 */
import type { Span } from '../model/file-model.ts'
import type { ParsedText } from '../parse/parse.ts'
import type { Operation } from './operation.ts'
import type { EmitPlan } from './plan.ts'
import { passToken, replaceCallee } from './text/calls.ts'
import { type EditedText, Edits } from './text/edits.ts'
import { eraseDecorator } from './text/erase-decorator.ts'
import { eraseImport, eraseSpecifiers } from './text/erase-import.ts'
import { journalBody, leaveBody } from './text/journal-body.ts'
import { openScope } from './text/open-scope.ts'
import { addPrologue } from './text/prologue.ts'
import { SourceText } from './text/source-text.ts'
import { staticBlock } from './text/static-block.ts'
import { SyntaxIndex } from './text/syntax-index.ts'
import type { TextEmitter } from './text/text-emitter.ts'

export interface EditText {
  readonly source: string
  readonly parsed: ParsedText
  readonly plan: EmitPlan
  /** Whether decorators will be lowered with `emitDecoratorMetadata`. */
  readonly metadata: boolean
}

export function editText({ source, parsed, plan, metadata }: EditText): EditedText {
  const erased = plan.operations.filter(({ kind }) => kind === 'erase').map(({ span }) => span)
  const edits = new Edits()
  const emitter: TextEmitter = {
    source: new SourceText(source, parsed.comments),
    program: parsed.program,
    syntax: new SyntaxIndex(parsed.program, plan.operations.flatMap(touchedBy)),
    edits,
    metadata,
    isErased: ({ start, end }: Span) => erased.some((span) => span.start === start && span.end === end),
  }
  for (const operation of plan.operations) apply(emitter, operation)
  eraseNeighbours(emitter)
  addPrologue(emitter, plan)
  return edits.apply(source)
}

function touchedBy(operation: Operation): readonly Span[] {
  const moved = operation.kind === 'append static block' ? operation.idFunction : undefined
  return moved === undefined ? [operation.span] : [operation.span, moved]
}

function apply(emitter: TextEmitter, operation: Operation): void {
  switch (operation.kind) {
    case 'erase':
      if (operation.node === 'decorator') return eraseDecorator(emitter, operation)
      // Specifiers go together, by declaration: see `eraseNeighbours`.
      return operation.node === 'import' ? eraseImport(emitter, operation) : undefined
    case 'open scope':
      return openScope(emitter, operation)
    case 'journal body':
      return journalBody(emitter, operation)
    case 'leave body':
      return leaveBody(emitter, operation)
    case 'pass token':
      return passToken(emitter, operation)
    case 'replace callee':
      return replaceCallee(emitter, operation)
    case 'append static block':
      return staticBlock(emitter, operation)
  }
}

function eraseNeighbours(emitter: TextEmitter): void {
  for (const statement of emitter.program.body) {
    if (statement.type === 'ImportDeclaration' && statement.specifiers.some(emitter.isErased)) eraseSpecifiers(emitter, statement)
  }
}
