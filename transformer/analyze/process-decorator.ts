import type { Span } from '../model/file-model.ts'
import type { RetryOptions } from '../model/manifest.ts'
import type { CallExpression, Node } from '../parse/ast.ts'
import { unwrap } from '../parse/ast.ts'
import type { FileContext } from './file-context.ts'
import { type Option, optionValue, readOptions, show } from './option-object.ts'
import { retryOption } from './retry-option.ts'

export interface ProcessDecorator {
  readonly name?: string
  readonly nameAt?: Node
  readonly idFunction?: Span
  readonly retry?: RetryOptions
  readonly onBug?: 'stuck' | 'compensate'
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

/** Reads the options of `@CatgaProcess({ name, id, retry, onBug })`. */
export function processDecorator(file: FileContext, call: CallExpression): ProcessDecorator {
  const result: Writable<ProcessDecorator> = {}
  const argument = call.arguments[0]
  if (argument === undefined || isUndefined(argument)) return result
  for (const option of readOptions(file, argument, 'the options of @CatgaProcess') ?? []) readOption(file, option, result)
  return result
}

function readOption(file: FileContext, option: Option, result: Writable<ProcessDecorator>): void {
  switch (option.name) {
    case 'id':
      return readId(file, option, result)
    case 'retry': {
      const retry = retryOption(file, option, 'CatgaProcess')
      if (retry !== undefined) result.retry = retry
      return
    }
    case 'name': {
      const name = nameOption(file, option)
      if (name !== undefined) {
        result.name = name
        result.nameAt = option.at
      }
      return
    }
    case 'onBug': {
      const evaluated = optionValue(file, option, 'Option "onBug"')
      if (evaluated === undefined || evaluated.value === undefined) return
      const { value } = evaluated
      if (value === 'stuck' || value === 'compensate') result.onBug = value
      else file.report('CATGA109', option.at, { option: 'Option "onBug"', value: show(value), rule: 'must be "stuck" or "compensate"' })
      return
    }
    default:
      file.report('CATGA108', option.at, { option: option.name, decorator: 'CatgaProcess', known: 'name, id, retry and onBug' })
  }
}

const ID_FORMS: ReadonlySet<string> = new Set(['ArrowFunctionExpression', 'FunctionExpression', 'Identifier', 'MemberExpression'])

function readId(file: FileContext, option: Option, result: Writable<ProcessDecorator>): void {
  const node = unwrap(option.expression)
  // The function moves into the class; from a shared object it would have to be moved out of that.
  if (option.inPlace && !option.isMethod && ID_FORMS.has(node.type)) {
    result.idFunction = { start: option.expression.start, end: option.expression.end }
    return
  }
  const value = option.isMethod ? 'a method' : option.inPlace ? 'not a function' : 'written elsewhere'
  file.report('CATGA109', option.at, {
    option: 'Option "id"',
    value,
    rule: 'must be a function written in the decorator, such as "id: (input) => input.id"',
  })
}

/** A name for the journal: text that is not blank. */
export function nameOption(file: FileContext, option: Option): string | undefined {
  const evaluated = optionValue(file, option, 'Option "name"')
  if (evaluated === undefined || evaluated.value === undefined) return undefined
  const { value } = evaluated
  if (typeof value === 'string' && value.trim() !== '') return value
  file.report('CATGA109', option.at, { option: 'Option "name"', value: show(value), rule: 'must be a text that is not empty' })
  return undefined
}

export function isUndefined(node: Node): boolean {
  return node.type === 'Identifier' && node.name === 'undefined'
}
