import type { RetryOptions } from '../model/manifest.ts'
import type { FileContext } from './file-context.ts'
import { type Option, optionValue, show } from './option-object.ts'
import type { StaticValue } from './static-value.ts'

interface Rule {
  readonly rule: string
  readonly fits: (value: number) => boolean
}

const RULES: Readonly<Record<keyof RetryOptions, Rule>> = {
  attempts: { rule: 'must be a whole number of attempts, at least 1', fits: (value) => Number.isSafeInteger(value) && value >= 1 },
  backoffMs: { rule: 'must be milliseconds, 0 or more', fits: (value) => Number.isFinite(value) && value >= 0 },
  factor: { rule: 'must be a number, at least 1', fits: (value) => Number.isFinite(value) && value >= 1 },
  maxBackoffMs: { rule: 'must be milliseconds, 0 or more', fits: (value) => Number.isFinite(value) && value >= 0 },
  jitter: { rule: 'must be a share between 0 and 1', fits: (value) => value >= 0 && value <= 1 },
}

/** Reads `retry: 5` (attempts) or `retry: { attempts, backoffMs, factor, maxBackoffMs, jitter }`. */
export function retryOption(file: FileContext, option: Option, decorator: string): RetryOptions | undefined {
  const evaluated = optionValue(file, option, 'Option "retry"')
  if (evaluated === undefined || evaluated.value === undefined) return undefined
  const { value } = evaluated
  const members: Readonly<Record<string, StaticValue>> | undefined =
    typeof value === 'number' ? { attempts: value } : isObject(value) ? value : undefined
  if (members === undefined) {
    file.report('CATGA109', option.at, { option: 'Option "retry"', value: show(value), rule: 'must be a number of attempts or an object' })
    return undefined
  }
  const retry: Partial<Record<keyof RetryOptions, number>> = {}
  for (const [name, member] of Object.entries(members)) {
    if (!isRetryName(name)) {
      file.report('CATGA108', option.at, {
        option: `retry.${name}`,
        decorator,
        known: Object.keys(RULES)
          .map((known) => `retry.${known}`)
          .join(', '),
      })
      return undefined
    }
    if (member === undefined) continue
    if (typeof member !== 'number' || !RULES[name].fits(member)) {
      const subject = typeof value === 'number' ? 'Option "retry"' : `Option "retry.${name}"`
      file.report('CATGA109', option.at, { option: subject, value: show(member), rule: RULES[name].rule })
      return undefined
    }
    retry[name] = member
  }
  return retry
}

function isRetryName(name: string): name is keyof RetryOptions {
  return Object.hasOwn(RULES, name)
}

function isObject(value: StaticValue): value is Readonly<Record<string, StaticValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
