/**
 * The AST back end: carries out a plan on a TypeScript source file inside a `before` transformer.
 *
 * Invariants
 * 1. Original nodes are moved, never cloned or parsed again: const enums, import elision, decorator metadata and
 *    comments hang on their identity.
 * 2. A subtree without an operation comes back as it is, the same object.
 * 3. Each operation is carried out once; one that finds no node is a defect of the model and throws.
 * 4. A file is compiled once in an emit, however often the plugin is listed.
 */
import type ts from 'typescript'
import type { Span } from '../model/file-model.ts'
import type { AstEmitter, TypeScript } from './ast/ast-emitter.ts'
import { passToken, replaceCallee } from './ast/calls.ts'
import { eraseDecorator } from './ast/erase-decorator.ts'
import { eraseSpecifiers } from './ast/erase-import.ts'
import { journalBody, leaveBody } from './ast/journal-body.ts'
import { openScopeInBlock, openScopeInExpression } from './ast/open-scope.ts'
import { addPrologue } from './ast/prologue.ts'
import { staticBlock } from './ast/static-block.ts'
import { OperationIndex } from './operation-index.ts'
import type { EmitPlan } from './plan.ts'

const compiled = new WeakMap<ts.TransformationContext, WeakSet<ts.Node>>()

export function applyPlan(ts: TypeScript, context: ts.TransformationContext, sourceFile: ts.SourceFile, plan: EmitPlan): ts.SourceFile {
  const original = ts.getOriginalNode(sourceFile)
  const ofThisEmit = compiled.get(context) ?? new WeakSet()
  if (ofThisEmit.has(original)) return sourceFile
  compiled.set(context, ofThisEmit.add(original))
  const emitter: AstEmitter = { ts, context, sourceFile, factory: context.factory, options: context.getCompilerOptions() }
  const index = new OperationIndex(plan.operations)
  const visitor = createVisitor(emitter, index)
  const visited = sourceFile.statements.map((statement) => ts.visitNode(statement, visitor) as ts.Statement)
  index.assertDone(sourceFile.fileName)
  const statements = addPrologue(emitter, plan, visited)
  return context.factory.updateSourceFile(sourceFile, ts.setTextRange(context.factory.createNodeArray(statements), sourceFile.statements))
}

function createVisitor(emitter: AstEmitter, index: OperationIndex): ts.Visitor {
  const { ts, context } = emitter
  const spanOf = (node: ts.Node): Span => {
    const original = ts.getOriginalNode(node)
    return { start: original.getStart(emitter.sourceFile, false), end: original.end }
  }
  const isErased = (node: ts.Node) => index.has('erase', spanOf(node))
  const children = <T extends ts.Node>(node: T): T => ts.visitEachChild(node, visit, context)

  const visit = (node: ts.Node): ts.Node | undefined => {
    const original = ts.getOriginalNode(node)
    if (!index.touches(original.pos, original.end)) return node
    if (ts.isImportDeclaration(node)) return visitImport(node)
    if (ts.isDecorator(node)) return visitDecorator(node)
    if (ts.isClassLike(node)) return visitClass(node)
    if (ts.isBlock(node)) return visitBlock(node)
    if (ts.isArrowFunction(node)) return visitArrow(node)
    if (ts.isReturnStatement(node)) return visitReturn(node)
    if (ts.isCallExpression(node)) return visitCall(node)
    if (ts.isNewExpression(node)) return visitNew(node)
    return children(node)
  }

  const visitImport = (node: ts.ImportDeclaration): ts.Statement => {
    // Not simply dropped: the comments before it may be the file's.
    if (index.take('erase', spanOf(node)) !== undefined) return emitter.factory.createNotEmittedStatement(node)
    return eraseSpecifiers(emitter, node, (specifier) => index.take('erase', spanOf(specifier)) !== undefined)
  }

  const visitDecorator = (node: ts.Decorator): ts.Node | undefined => {
    if (index.take('erase', spanOf(node)) === undefined) return children(node)
    return eraseDecorator(emitter, ts.getOriginalNode(node) as ts.Decorator, isErased)
  }

  const visitClass = (node: ts.ClassLikeDeclaration): ts.Node => {
    const original = ts.getOriginalNode(node) as ts.ClassLikeDeclaration
    const operation = index.take('append static block', { start: original.members.pos - 1, end: original.end })
    const block = operation === undefined ? [] : [staticBlock(emitter, operation, original)]
    const visited = children(node)
    const members = ts.setTextRange(emitter.factory.createNodeArray([...visited.members, ...block]), visited.members)
    const { modifiers, name, typeParameters, heritageClauses } = visited
    return ts.isClassDeclaration(visited)
      ? emitter.factory.updateClassDeclaration(visited, modifiers, name, typeParameters, heritageClauses, members)
      : emitter.factory.updateClassExpression(visited as ts.ClassExpression, modifiers, name, typeParameters, heritageClauses, members)
  }

  const visitBlock = (node: ts.Block): ts.Block => {
    const span = spanOf(node)
    const scope = index.take('open scope', span)
    const step = index.take('journal body', span)
    const visited = children(node)
    if (scope !== undefined) return openScopeInBlock(emitter, scope, visited)
    return step === undefined ? visited : journalBody(emitter, step, visited)
  }

  const visitArrow = (node: ts.ArrowFunction): ts.Node => {
    const { body } = node
    // The parsers disagree on whether parentheses around a body are part of it.
    const inner = ts.isBlock(body) ? undefined : withoutParentheses(ts, body)
    const scope = inner && (index.take('open scope', spanOf(body)) ?? index.take('open scope', spanOf(inner)))
    const visited = children(node)
    if (scope === undefined) return visited
    const { modifiers, typeParameters, parameters, type, equalsGreaterThanToken } = visited
    const block = openScopeInExpression(emitter, scope, visited.body as ts.Expression)
    return emitter.factory.updateArrowFunction(visited, modifiers, typeParameters, parameters, type, equalsGreaterThanToken, block)
  }

  const visitReturn = (node: ts.ReturnStatement): ts.Node => {
    const operation = index.take('leave body', spanOf(node))
    const visited = children(node)
    return operation === undefined ? visited : leaveBody(emitter, operation, visited)
  }

  const visitCall = (node: ts.CallExpression): ts.Node => {
    const span = spanOf(node)
    const token = index.take('pass token', span)
    const callee = index.takeCallee('call', span) ?? index.takeCallee('callee', spanOf(node.expression))
    const visited = children(node)
    if (token !== undefined) return passToken(emitter, token, visited)
    return callee === undefined ? visited : replaceCallee(emitter, callee, visited)
  }

  const visitNew = (node: ts.NewExpression): ts.Node => {
    const callee = index.takeCallee('call', spanOf(node))
    const visited = children(node)
    return callee === undefined ? visited : replaceCallee(emitter, callee, visited)
  }

  return visit
}

function withoutParentheses(ts: TypeScript, expression: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(expression) ? withoutParentheses(ts, expression.expression) : expression
}
