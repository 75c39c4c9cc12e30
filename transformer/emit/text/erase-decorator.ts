import type { Class, Decorator, Node } from '../../parse/ast.ts'
import type { Erase } from '../operation.ts'
import { before } from './syntax-index.ts'
import { terminate } from './terminate.ts'
import type { TextEmitter } from './text-emitter.ts'

/** Removes one of our decorators, with the same inert one left for metadata as the AST back end leaves. */
export function eraseDecorator(emitter: TextEmitter, { span }: Erase): void {
  const { source, syntax, edits } = emitter
  const decorator = syntax.get('Decorator', span)
  const declaration = syntax.parentOf(decorator)
  const list = declaration && syntax.parentOf(declaration)
  // Nothing else may start the member: what came before it without a semicolon must not swallow what it starts with now.
  if (declaration !== undefined && list?.type === 'ClassBody') terminate(emitter, before(list.body, declaration))
  const inert = emitter.metadata && declaration !== undefined && needsInert(emitter, declaration, decorator) ? '@(() => { })' : ''
  edits.remove(span, inert + source.residue(span))
  if (declaration?.type === 'ClassExpression') keepTogether(emitter, declaration)
}

function needsInert({ isErased }: TextEmitter, declaration: Node, decorator: Decorator): boolean {
  const own = 'decorators' in declaration ? (declaration.decorators ?? []) : []
  const others = [...own, ...parameterDecorators(declaration)].some((other) => !isErased(other))
  return !others && own.find(isErased) === decorator
}

function parameterDecorators(declaration: Node): readonly Decorator[] {
  const callable = 'body' in declaration && isClass(declaration) ? constructorOf(declaration) : declaration
  if (callable?.type !== 'MethodDefinition') return []
  return callable.value.params.flatMap((parameter) => ('decorators' in parameter ? (parameter.decorators ?? []) : []))
}

function constructorOf({ body }: Class): Node | undefined {
  return body.body.find((member) => member.type === 'MethodDefinition' && member.kind === 'constructor')
}

function isClass(node: Node): node is Class {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression'
}

/** `return @Decorator() ⏎ class …`: without the decorator, the line break would end the statement. */
function keepTogether({ source, syntax, edits }: TextEmitter, node: Class): void {
  const parent = syntax.parentOf(node)
  const ended = parent?.type === 'ReturnStatement' || parent?.type === 'ThrowStatement' || parent?.type === 'YieldExpression'
  if (!ended || source.residue({ start: node.start, end: node.body.start }) === '') return
  edits.open(node.start, '(', node)
  edits.close(node.end, ')', node)
}
