import type ts from 'typescript'
import type { JournalBody, LeaveBody } from '../operation.ts'
import type { AstEmitter } from './ast-emitter.ts'
import { declaration, directiveCount, generatedCall } from './ast-emitter.ts'
import { functionBody, movedBlock } from './open-scope.ts'

/**
 * Wraps a step's body. Leaving goes through a labelled block and not through `return`, so that the user's `finally`
 * has run before the commit and an error of the commit cannot meet the user's `catch`.
 */
export function journalBody(emitter: AstEmitter, operation: JournalBody, body: ts.Block): ts.Block {
  const { factory } = emitter
  const { frame, value, label, error, returns } = operation
  const directives = directiveCount(emitter, body.statements)
  const user = movedBlock(emitter, body, body.statements.slice(directives))
  const labelled = returns ? factory.createBlock([factory.createLabeledStatement(label, user)], true) : user
  const on = (method: string, ...args: ts.Expression[]) => generatedCall(emitter, { object: frame, method, arguments: [] }, args)
  const failed = factory.createBlock([factory.createReturnStatement(on('failed', factory.createIdentifier(error)))])
  const completed = factory.createIdentifier(returns ? value : 'undefined')
  return functionBody(emitter, body, [
    ...body.statements.slice(0, directives),
    declaration(emitter, frame, generatedCall(emitter, operation.enter)),
    factory.createIfStatement(
      factory.createLogicalNot(factory.createPropertyAccessExpression(factory.createIdentifier(frame), 'runs')),
      factory.createReturnStatement(on('outcome')),
    ),
    ...(returns ? [declaration(emitter, value)] : []),
    factory.createTryStatement(labelled, factory.createCatchClause(error, failed), undefined),
    factory.createReturnStatement(on('completed', completed)),
  ])
}

/** `return x` → `{ $v = x; break $b }`. The assignment stands for the `return` in source maps and for breakpoints. */
export function leaveBody(emitter: AstEmitter, operation: LeaveBody, statement: ts.ReturnStatement): ts.Block {
  const { ts, factory } = emitter
  const leave = factory.createBreakStatement(operation.label)
  const statements: ts.Statement[] = [leave]
  if (statement.expression === undefined) ts.setSourceMapRange(leave, statement)
  else {
    const expression = withCommentsOfReturn(emitter, statement, statement.expression)
    const assignment = factory.createAssignment(factory.createIdentifier(operation.value), expression)
    const set = factory.createExpressionStatement(assignment)
    ts.setSourceMapRange(set, statement)
    statements.unshift(set)
  }
  const block = ts.setTextRange(ts.setOriginalNode(factory.createBlock(statements), statement), statement)
  return ts.setEmitFlags(block, ts.EmitFlags.NoSourceMap | ts.EmitFlags.NoTokenSourceMaps)
}

/** Comments between `return` and its expression belong to the keyword, which is gone: they move to the expression. */
function withCommentsOfReturn({ ts, sourceFile }: AstEmitter, statement: ts.ReturnStatement, expression: ts.Expression): ts.Expression {
  const keywordEnd = ts.getOriginalNode(statement).getStart(sourceFile) + 'return'.length
  for (const { pos, end, kind, hasTrailingNewLine } of ts.getTrailingCommentRanges(sourceFile.text, keywordEnd) ?? []) {
    const text = sourceFile.text.slice(pos + 2, kind === ts.SyntaxKind.MultiLineCommentTrivia ? end - 2 : end)
    ts.addSyntheticLeadingComment(expression, kind, text, hasTrailingNewLine)
  }
  return expression
}
