import type { Closure, Node } from '../../parse/ast.ts'
import { isClosure, unwrap } from '../../parse/ast.ts'
import { forEachChild } from '../../parse/children.ts'
import { textOf } from '../file-context.ts'
import type { Process } from '../process-code.ts'

/** CATGA121: a decorator of this file puts another class in the place of the process, and the engine would run that one. */
export function replacedClass({ file, info }: Process): void {
  for (const decorator of info.node.decorators) {
    const expression = unwrap(decorator.expression)
    const isFactory = expression.type === 'CallExpression'
    const closure = closureOf(file.tree.resolve(unwrap(isFactory ? expression.callee : expression))?.declaration)
    if (closure === undefined || !answersClass(closure, isFactory)) continue
    file.report('CATGA121', decorator, {
      decorator: `"${textOf(file, decorator)}"`,
      found: 'returns another class, which is not compiled',
      fix: 'Let it change the class it is given, or put what it adds into a base class.',
    })
  }
}

function closureOf(declaration: Node | undefined): Closure | undefined {
  if (declaration === undefined) return undefined
  const value = declaration.type === 'VariableDeclarator' && declaration.init ? unwrap(declaration.init) : declaration
  return isClosure(value) ? value : undefined
}

function answersClass(closure: Closure, isFactory: boolean): boolean {
  return answersOf(closure).some((answer) => {
    const value = unwrap(answer)
    if (isFactory) return isClosure(value) && answersClass(value, false)
    return value.type === 'ClassExpression'
  })
}

function answersOf({ body }: Closure): readonly Node[] {
  if (body === null) return []
  if (body.type !== 'BlockStatement') return [body]
  const answers: Node[] = []
  const visit = (node: Node): void => {
    if (node.type === 'ReturnStatement' && node.argument) answers.push(node.argument)
    if (!isClosure(node)) forEachChild(node, visit)
  }
  forEachChild(body, visit)
  return answers
}
