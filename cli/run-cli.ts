import type { Client } from '../runtime/index.ts'
import { parseArguments, type ParsedArguments } from './arguments.ts'
import { CliError, toFailure, type Failure } from './cli-error.ts'
import type { Command, LiveOutput, Outcome } from './command.ts'
import { COMMON_OPTIONS } from './common-options.ts'
import { build } from './commands/build.ts'
import { cancel } from './commands/cancel.ts'
import { deleteCommand } from './commands/delete.ts'
import { doctor } from './commands/doctor.ts'
import { explain } from './commands/explain.ts'
import { ps } from './commands/ps.ts'
import { resume } from './commands/resume.ts'
import { run } from './commands/run.ts'
import { show } from './commands/show.ts'
import { signal } from './commands/signal.ts'
import { EXIT } from './exit-codes.ts'
import { manual, optionsOf, overview } from './help.ts'
import { toJson } from './json.ts'
import { createPaint } from './paint.ts'

const COMMANDS: readonly Command[] = [ps, show, signal, cancel, resume, deleteCommand, run, build, doctor, explain]

/** The world as the CLI sees it; `main.ts` gives the real one. */
export interface CliEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Columns of the terminal, or undefined where output is no terminal. */
  readonly terminalWidth: number | undefined
  readonly version: string
  readonly print: (text: string) => void
  readonly printError: (text: string) => void
  /** @throws CliError (not found) rather than making a new store */
  readonly openStore: (file: string) => Promise<{ readonly client: Client; readonly close: () => Promise<void> }>
  readonly readFile: (path: string) => Promise<string>
  readonly now: () => number
  /** Undefined where nobody sees what is printed before the end. */
  readonly live?: LiveOutput
}

/** Runs one command line to its end and answers the exit code. Never throws. */
export async function runCli(argv: readonly string[], environment: CliEnvironment): Promise<number> {
  const json = argv.includes('--json') && !passesOn(argv[0])
  const paint = createPaint(environment.terminalWidth !== undefined && !environment.env['NO_COLOR'] ? 'colour' : 'plain')
  const lines = (text: readonly string[]) => environment.print(`${text.join('\n')}\n`)
  try {
    const [verb, ...rest] = argv
    if (verb === undefined || verb === 'help' || verb === '--help' || verb === '-h') {
      lines(overview(COMMANDS, environment.version, paint))
      return verb === undefined ? EXIT.usage : EXIT.ok
    }
    if (verb === '--version') {
      lines([environment.version])
      return EXIT.ok
    }
    const command = commandNamed(verb)
    if (asksForHelp(passesOn(verb) ? rest.slice(0, 1) : rest)) {
      lines(manual(command, paint))
      return EXIT.ok
    }
    const outcome = await perform(command, argumentsOf(command, rest), environment)
    if (json) {
      if (outcome.json !== undefined) environment.print(`${JSON.stringify(toJson(outcome.json), undefined, 2)}\n`)
    } else {
      const text = outcome.text({ paint, width: environment.terminalWidth ?? 100 })
      if (text.length > 0) lines(text)
    }
    return outcome.exitCode ?? EXIT.ok
  } catch (error) {
    const failure = toFailure(error)
    if (json) environment.print(`${JSON.stringify({ error: { code: failure.code, message: failure.message } }, undefined, 2)}\n`)
    else environment.printError(failureText(failure, paint.red, argv[0]))
    return failure.exitCode
  }
}

function passesOn(verb: string | undefined): boolean {
  return COMMANDS.some(({ name, words }) => name === verb && words === 'passed on')
}

function argumentsOf(command: Command, words: readonly string[]): ParsedArguments {
  if (command.words === 'passed on') return { operands: words, flag: () => false, text: () => undefined, texts: () => [] }
  return parseArguments(words, optionsOf(command), command.operands)
}

function commandNamed(verb: string): Command {
  const command = COMMANDS.find(({ name }) => name === verb)
  if (command !== undefined) return command
  const what = verb.startsWith('-') ? `Option "${verb}" comes after a command` : `There is no command "${verb}"`
  throw new CliError(EXIT.usage, 'usage', `${what}. There are: ${COMMANDS.map(({ name }) => name).join(', ')}.`)
}

/** Help is answered before anything else about the command line is checked: who asks for it has it wrong still. */
function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  const options = end === -1 ? argv : argv.slice(0, end)
  return options.includes('--help') || options.includes(`-${COMMON_OPTIONS.help.short}`)
}

async function perform(command: Command, args: ParsedArguments, environment: CliEnvironment): Promise<Outcome> {
  let opened: Awaited<ReturnType<CliEnvironment['openStore']>> | undefined
  try {
    return await command.run({
      args,
      readFile: environment.readFile,
      now: environment.now,
      ...(environment.live !== undefined && { live: environment.live }),
      client: async () => {
        opened ??= await environment.openStore(storeFile(args, environment.env))
        return opened.client
      },
    })
  } finally {
    await opened?.close()
  }
}

function storeFile(args: ParsedArguments, env: CliEnvironment['env']): string {
  const file = args.text('store') ?? env['CATGA_STORE']
  if (file === undefined || file === '') {
    throw new CliError(EXIT.usage, 'usage', 'Which store? Give --store orders.db, or set CATGA_STORE.')
  }
  return file
}

function failureText({ message, causes, exitCode }: Failure, red: (text: string) => string, verb: string | undefined): string {
  const hint = exitCode === EXIT.usage ? [`"catga ${COMMANDS.some(({ name }) => name === verb) ? `${verb} ` : ''}--help" shows how.`] : []
  return `${[`${red('catga:')} ${message}`, ...causes.map((cause) => `  caused by: ${cause}`), ...hint].join('\n')}\n`
}
