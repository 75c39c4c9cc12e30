import type { Node, ObjectExpression } from '../parse/ast.ts'
import { keyName, unwrap } from '../parse/ast.ts'
import { type FileContext, textOf } from './file-context.ts'
import { evaluate, frozenValue, isChanged, type StaticValue } from './static-value.ts'

export interface Option {
  readonly name: string
  readonly expression: Node
  /** Where to point: the expression, or what brought it in from elsewhere. */
  readonly at: Node
  /** Whether the option is written inside the decorator itself. */
  readonly inPlace: boolean
  readonly isMethod: boolean
}

/** Options by name as they are written, later ones first; undefined where the object itself is not known. */
export function readOptions(file: FileContext, argument: Node, subject: string): readonly Option[] | undefined {
  const options = new Map<string, Option>()
  return addOptions(file, { expression: argument, at: argument, inPlace: true, subject, options }) ? [...options.values()] : undefined
}

interface AddOptions {
  readonly expression: Node
  readonly at: Node
  readonly inPlace: boolean
  readonly subject: string
  readonly options: Map<string, Option>
}

function addOptions(file: FileContext, { expression, at, inPlace, subject, options }: AddOptions): boolean {
  const literal = objectLiteral(file, expression)
  if (literal === undefined) {
    file.report('CATGA107', at, { option: subject, text: textOf(file, at) })
    return false
  }
  const here = inPlace && literal === unwrap(expression)
  for (const property of literal.properties) {
    if (property.type === 'SpreadElement') {
      const from = here ? property.argument : at
      if (
        !addOptions(file, {
          expression: property.argument,
          at: from,
          inPlace: here && unwrap(property.argument).type === 'ObjectExpression',
          subject,
          options,
        })
      )
        return false
      continue
    }
    const name = keyName(property.key, property.computed)
    if (name === undefined) {
      file.report('CATGA107', here ? property.key : at, { option: `a name in ${subject}`, text: textOf(file, property.key) })
      return false
    }
    const isMethod = property.method || property.kind !== 'init'
    options.set(name, { name, expression: property.value, at: here ? property.value : at, inPlace: here, isMethod })
  }
  return true
}

/** The object literal an expression is or refers to. */
function objectLiteral(file: FileContext, expression: Node, depth = 0): ObjectExpression | undefined {
  const node = unwrap(expression)
  if (node.type === 'ObjectExpression') return node
  if (node.type === 'CallExpression') {
    const frozen = frozenValue(file.tree, node)
    return frozen === undefined ? undefined : objectLiteral(file, frozen, depth + 1)
  }
  if (node.type !== 'Identifier' || depth > 50) return undefined
  const binding = file.tree.resolve(node)
  if (binding?.kind !== 'const' || binding.declaration.type !== 'VariableDeclarator' || !binding.declaration.init) return undefined
  if (binding.references.some((reference) => isChanged(file.tree, reference))) return undefined
  return binding.declaration.id.type === 'Identifier' ? objectLiteral(file, binding.declaration.init, depth + 1) : undefined
}

/** Value of an option; reports what cannot be evaluated. */
export function optionValue(file: FileContext, option: Option, subject: string): { readonly value: StaticValue } | undefined {
  const evaluation = evaluate(file.tree, option.expression)
  if (evaluation.known && !option.isMethod) return { value: evaluation.value }
  const at = option.inPlace && !evaluation.known ? evaluation.node : option.at
  file.report('CATGA107', at, { option: subject.replace('Option', 'option'), text: textOf(file, at) })
  return undefined
}

/** An option's value in a message. */
export function show(value: StaticValue): string {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number' || value === undefined) return String(value)
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner))
}
