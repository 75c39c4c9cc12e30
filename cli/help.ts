import type { OptionSpec, OptionSpecs } from './arguments.ts'
import type { Command } from './command.ts'
import { COMMON_OPTIONS, STORE_OPTIONS } from './common-options.ts'
import type { Paint } from './paint.ts'

/** What `catga --help` prints. */
export function overview(commands: readonly Command[], version: string, paint: Paint): readonly string[] {
  return [
    `${paint.bold('catga')} ${version}: looks after durable processes.`,
    '',
    'Usage: catga <command> [options]',
    '',
    paint.bold('Commands'),
    ...aligned(commands.map((command) => [[command.name, ...command.operands.map(operand)].join(' '), command.summary])),
    '',
    paint.bold('Options'),
    ...options({ ...STORE_OPTIONS, ...COMMON_OPTIONS, version: { type: 'boolean', help: 'print the version' } }),
    '',
    paint.bold('Exit codes'),
    ...aligned([
      ['0', 'done'],
      ['1', 'tried and failed'],
      ['2', 'the command line is wrong'],
      ['3', 'no such instance, store or file'],
      ['4', 'the instance is not in a state that allows it'],
      ['130', 'interrupted before it was done'],
    ]),
    '',
    'catga <command> --help says more about one command.',
  ]
}

/** What `catga <command> --help` prints. */
export function manual(command: Command, paint: Paint): readonly string[] {
  const operands = command.operands.map((name) => ` ${operand(name)}`).join('')
  return [
    `${paint.bold(`catga ${command.name}`)}: ${command.summary}.`,
    '',
    ...(command.usage ?? [`Usage: catga ${command.name}${operands} [options]`]),
    '',
    paint.bold('Options'),
    ...options(optionsOf(command)),
    '',
    paint.bold('Examples'),
    ...command.examples.map((example) => `  ${example}`),
  ]
}

/** All options a command understands. */
export function optionsOf(command: Command): OptionSpecs {
  if (command.words === 'passed on') return { ...command.options, help: COMMON_OPTIONS.help }
  return { ...command.options, ...(command.needs === 'store' ? STORE_OPTIONS : {}), ...COMMON_OPTIONS }
}

function options(specs: OptionSpecs): readonly string[] {
  return aligned(Object.entries(specs).map(([name, spec]) => [synopsis(name, spec), spec.help]))
}

function synopsis(name: string, { short, value }: OptionSpec): string {
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` <${value}>`}`
}

function operand(name: string): string {
  return name.startsWith('[') ? name : `<${name}>`
}

function aligned(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}
