import { parseArgs, type ParseArgsConfig } from 'node:util'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'

/** One option of a command, as the parser needs it and as `--help` shows it. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean'
  /** May be given more than once. */
  readonly multiple?: boolean
  readonly short?: string
  /** Placeholder of the value in `--help`. */
  readonly value?: string
  /** The value may be left out, and is then the empty text; only what is listed here counts as the value when it stands apart. */
  readonly optionalValues?: readonly string[]
  readonly help: string
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>

/** What was written on the command line, checked against the specs. */
export interface ParsedArguments {
  readonly operands: readonly string[]
  readonly flag: (name: string) => boolean
  readonly text: (name: string) => string | undefined
  readonly texts: (name: string) => readonly string[]
}

/**
 * @param operandNames a last one that ends with `...` stands for one or more, one in brackets may be left out
 * @throws CliError (usage) for unknown options, missing values and a wrong number of operands
 */
export function parseArguments(argv: readonly string[], specs: OptionSpecs, operandNames: readonly string[]): ParsedArguments {
  const { values, positionals } = parse(withOptionalValues(argv, specs), specs)
  const missing = operandNames[positionals.length]
  if (missing !== undefined && !missing.startsWith('[')) throw new CliError(EXIT.usage, 'usage', `<${missing}> is missing.`)
  const extra = /\.{3}\]?$/.test(operandNames.at(-1) ?? '') ? undefined : positionals[operandNames.length]
  if (extra !== undefined) throw new CliError(EXIT.usage, 'usage', `"${extra}" is one argument too many.`)
  return {
    operands: positionals,
    flag: (name) => values[name] === true,
    text: (name) => first(values[name]),
    texts: (name) => list(values[name]),
  }
}

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>

function parse(argv: readonly string[], specs: OptionSpecs): { readonly values: Values; readonly positionals: readonly string[] } {
  const options: NonNullable<ParseArgsConfig['options']> = {}
  for (const [name, { type, multiple, short }] of Object.entries(specs)) {
    options[name] = { type, multiple: multiple ?? false, ...(short === undefined ? {} : { short }) }
  }
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new CliError(EXIT.usage, 'usage', asSentence(error))
  }
}

/** `--maps inline` and `--maps` alone, which Node's parser does not know: written with `=`, the value may be empty. */
function withOptionalValues(argv: readonly string[], specs: OptionSpecs): readonly string[] {
  const written: string[] = []
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? ''
    if (word === '--') return [...written, ...argv.slice(index)]
    const [name, spec] = Object.entries(specs).find(([long, { short }]) => word === `--${long}` || word === `-${short}`) ?? []
    if (spec?.optionalValues === undefined) {
      written.push(word)
      continue
    }
    const next = argv[index + 1]
    const value = next !== undefined && spec.optionalValues.includes(next) ? next : ''
    if (value !== '') index++
    written.push(`--${name}=${value}`)
  }
  return written
}

/** Node's own texts go on about positionals and `--`; the first sentence is the message. */
function asSentence(error: unknown): string {
  const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split(/\.\s|\n/)
  return `${sentence.replaceAll("'", '"').replace(/\.$/, '')}.`
}

function first(value: Values[string]): string | undefined {
  const single = Array.isArray(value) ? value[0] : value
  return typeof single === 'string' ? single : undefined
}

function list(value: Values[string]): readonly string[] {
  const values = Array.isArray(value) ? value : [value]
  return values.filter((item) => typeof item === 'string')
}

/** A whole number of at least `least`, for `--limit` and the like. */
export function wholeNumber(option: string, text: string, least: number): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number < least) {
    throw new CliError(EXIT.usage, 'usage', `--${option} is "${text}": give a whole number of at least ${least}.`)
  }
  return number
}
