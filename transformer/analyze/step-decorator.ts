import type { RetryOptions } from '../model/manifest.ts'
import type { CallExpression, Node } from '../parse/ast.ts'
import type { FileContext } from './file-context.ts'
import { type Option, optionValue, readOptions, show } from './option-object.ts'
import { isUndefined, nameOption } from './process-decorator.ts'
import { retryOption } from './retry-option.ts'

export interface StepDecorator {
  readonly name?: string
  readonly nameAt?: Node
  readonly retry?: RetryOptions
  readonly timeoutMs?: number
  readonly compensate?: { readonly target: string; readonly at: Node }
  readonly compensateWhen?: 'completed' | 'attempted'
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

/** Longest delay a timer of the platform can hold. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1

/** Reads the options of `@ProcessStep({ name, retry, timeoutMs, compensate, compensateWhen })`. */
export function stepDecorator(file: FileContext, call: CallExpression): StepDecorator {
  const result: Writable<StepDecorator> = {}
  const argument = call.arguments[0]
  if (argument === undefined || isUndefined(argument)) return result
  const options = readOptions(file, argument, 'the options of @ProcessStep') ?? []
  for (const option of options) readOption(file, option, result)
  const when = options.find((option) => option.name === 'compensateWhen')
  if (when !== undefined && result.compensateWhen !== undefined && !options.some((option) => option.name === 'compensate')) {
    file.report('CATGA109', when.at, {
      option: 'Option "compensateWhen"',
      value: show(result.compensateWhen),
      rule: 'must come with "compensate", the method that undoes the step',
    })
  }
  return result
}

function readOption(file: FileContext, option: Option, result: Writable<StepDecorator>): void {
  switch (option.name) {
    case 'name': {
      const name = nameOption(file, option)
      if (name !== undefined) {
        result.name = name
        result.nameAt = option.at
      }
      return
    }
    case 'retry': {
      const retry = retryOption(file, option, 'ProcessStep')
      if (retry !== undefined) result.retry = retry
      return
    }
    case 'timeoutMs':
      return readTimeout(file, option, result)
    case 'compensate': {
      const evaluated = optionValue(file, option, 'Option "compensate"')
      if (evaluated === undefined || evaluated.value === undefined) return
      const { value } = evaluated
      if (typeof value === 'string' && value !== '') result.compensate = { target: value, at: option.at }
      else
        file.report('CATGA109', option.at, {
          option: 'Option "compensate"',
          value: show(value),
          rule: 'must be the name of a method of the class',
        })
      return
    }
    case 'compensateWhen': {
      const evaluated = optionValue(file, option, 'Option "compensateWhen"')
      if (evaluated === undefined || evaluated.value === undefined) return
      const { value } = evaluated
      if (value === 'completed' || value === 'attempted') result.compensateWhen = value
      else
        file.report('CATGA109', option.at, {
          option: 'Option "compensateWhen"',
          value: show(value),
          rule: 'must be "completed" or "attempted"',
        })
      return
    }
    default:
      file.report('CATGA108', option.at, {
        option: option.name,
        decorator: 'ProcessStep',
        known: 'name, retry, timeoutMs, compensate and compensateWhen',
      })
  }
}

function readTimeout(file: FileContext, option: Option, result: Writable<StepDecorator>): void {
  const evaluated = optionValue(file, option, 'Option "timeoutMs"')
  if (evaluated === undefined || evaluated.value === undefined) return
  const { value } = evaluated
  if (typeof value === 'number' && value > 0 && value <= LONGEST_TIMEOUT_MS) result.timeoutMs = value
  else
    file.report('CATGA109', option.at, {
      option: 'Option "timeoutMs"',
      value: show(value),
      rule: `must be milliseconds, more than 0 and at most ${LONGEST_TIMEOUT_MS}`,
    })
}
