import type ts from 'typescript'
import type { Span } from '../../model/file-model.ts'
import { defineCall } from '../define-call.ts'
import type { AppendStaticBlock } from '../operation.ts'
import type { AstEmitter } from './ast-emitter.ts'
import { generatedCall } from './ast-emitter.ts'

/** `static { $catga.define(this, $m, { id, privates }) }`: runs once, when the class is defined. */
export function staticBlock(
  emitter: AstEmitter,
  operation: AppendStaticBlock,
  original: ts.ClassLikeDeclaration,
): ts.ClassStaticBlockDeclaration {
  const { ts, factory, options } = emitter
  const staticBlocks = (options.target ?? ts.ScriptTarget.ES5) < ts.ScriptTarget.ES2022 ? 'lowered' : 'kept'
  const properties = [...idProperty(emitter, operation.idFunction, original), ...privatesProperty(emitter, operation.privates)]
  const access = properties.length === 0 ? [] : [factory.createObjectLiteralExpression(properties, true)]
  const define = factory.createExpressionStatement(generatedCall(emitter, defineCall(operation, staticBlocks), access))
  const block = factory.createClassStaticBlockDeclaration(factory.createBlock([define], true))
  // Comments before the closing brace hang on the end of the last member; without a place they would be lost.
  const pos = original.members.at(-1)?.end ?? original.members.pos
  return ts.setEmitFlags(ts.setTextRange(block, { pos, end: -1 }), ts.EmitFlags.NoSourceMap)
}

/** Moves the original node, never a copy: what TypeScript knows of it (const enums, import use) hangs on its identity. */
function idProperty(emitter: AstEmitter, span: Span | undefined, original: ts.ClassLikeDeclaration): ts.ObjectLiteralElementLike[] {
  if (span === undefined) return []
  const { ts, factory } = emitter
  const decorators = ts.canHaveDecorators(original) ? (ts.getDecorators(original) ?? []) : []
  const node = decorators.map((decorator) => nodeAt(emitter, decorator, span)).find((found) => found !== undefined)
  if (node === undefined) throw new Error(`catga: no id function at ${span.start}–${span.end} of ${emitter.sourceFile.fileName}`)
  if (ts.isMethodDeclaration(node)) return [node]
  return [factory.createPropertyAssignment('id', node as ts.Expression)]
}

function nodeAt({ ts, sourceFile }: AstEmitter, root: ts.Node, span: Span): ts.Node | undefined {
  const visit = (node: ts.Node): ts.Node | undefined => {
    if (node.end < span.end || node.pos > span.start) return undefined
    const exact = node.getStart(sourceFile) === span.start && node.end === span.end
    return exact && (ts.isExpression(node) || ts.isMethodDeclaration(node)) ? node : ts.forEachChild(node, visit)
  }
  return visit(root)
}

/** `privates: { '#reserve': (self, args) => self.#reserve(...args) }`. */
function privatesProperty({ ts, factory }: AstEmitter, names: readonly string[]): ts.PropertyAssignment[] {
  if (names.length === 0) return []
  const self = factory.createIdentifier('self')
  const args = factory.createIdentifier('args')
  const parameter = (name: ts.Identifier) => factory.createParameterDeclaration(undefined, undefined, name)
  const accessors = names.map((name) => {
    const method = factory.createPropertyAccessExpression(self, factory.createPrivateIdentifier(`#${name}`))
    const call = factory.createCallExpression(method, undefined, [factory.createSpreadElement(args)])
    const arrow = factory.createToken(ts.SyntaxKind.EqualsGreaterThanToken)
    const access = factory.createArrowFunction(undefined, undefined, [parameter(self), parameter(args)], undefined, arrow, call)
    return factory.createPropertyAssignment(factory.createStringLiteral(`#${name}`, true), access)
  })
  return [factory.createPropertyAssignment('privates', factory.createObjectLiteralExpression(accessors, true))]
}
