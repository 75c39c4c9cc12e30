import type ts from 'typescript'
import type { OpenScope } from '../operation.ts'
import type { AstEmitter } from './ast-emitter.ts'
import { declaration, directiveCount, generatedCall } from './ast-emitter.ts'

/** Opens the scope in a block body. The user's statements stay in their function and on their lines. */
export function openScopeInBlock(emitter: AstEmitter, operation: OpenScope, body: ts.Block): ts.Block {
  const { ts, factory } = emitter
  const open = declaration(emitter, operation.name, generatedCall(emitter, operation.open))
  const directives = directiveCount(emitter, body.statements)
  const before = [...body.statements.slice(0, directives), open]
  const user = body.statements.slice(directives)
  if (!operation.closes) {
    const statements = ts.setTextRange(factory.createNodeArray([...before, ...user]), body.statements)
    return functionBody(emitter, body, statements)
  }
  return functionBody(emitter, body, [...before, closing(emitter, operation, movedBlock(emitter, body, user))])
}

/** A function body in place of the user's, over several lines however short theirs was. */
export function functionBody({ ts, factory }: AstEmitter, original: ts.Block, statements: readonly ts.Statement[]): ts.Block {
  return ts.setTextRange(ts.setOriginalNode(factory.createBlock(statements, true), original), original)
}

/** `x => expression` → `x => { const scope = …; try { return expression } finally { scope.close() } }`. */
export function openScopeInExpression(emitter: AstEmitter, operation: OpenScope, expression: ts.Expression): ts.Block {
  const { ts, factory } = emitter
  const open = declaration(emitter, operation.name, generatedCall(emitter, operation.open))
  const answer = factory.createReturnStatement(expression)
  // A breakpoint on an arrow's expression body binds here.
  ts.setSourceMapRange(answer, ts.getSourceMapRange(expression))
  const body = operation.closes ? [open, closing(emitter, operation, factory.createBlock([answer], true))] : [open, answer]
  return factory.createBlock(body, true)
}

/**
 * A block that takes over the user's statements. It keeps their range, so that comments before the closing brace stay,
 * and says so by its original, which the printer asks for.
 */
export function movedBlock({ ts, factory }: AstEmitter, original: ts.Block, statements: readonly ts.Statement[]): ts.Block {
  const array = ts.setTextRange(factory.createNodeArray(statements), original.statements)
  const block = ts.setTextRange(ts.setOriginalNode(factory.createBlock(array, true), original), original)
  // The block itself is generated: only what is in it maps.
  const { NoComments, NoSourceMap, NoTokenSourceMaps } = ts.EmitFlags
  return ts.setEmitFlags(block, NoComments | NoSourceMap | NoTokenSourceMaps)
}

function closing(emitter: AstEmitter, { name }: OpenScope, block: ts.Block): ts.TryStatement {
  const { factory } = emitter
  const close = generatedCall(emitter, { object: name, method: 'close', arguments: [] })
  return factory.createTryStatement(block, undefined, factory.createBlock([factory.createExpressionStatement(close)]))
}
