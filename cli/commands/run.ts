import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { CliError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

/** The short form of `node --import catga/register`. */
export const run: Command = {
  name: 'run',
  summary: 'run a program with Node, processes compiled as they are loaded',
  operands: ['file'],
  options: {},
  needs: 'nothing',
  words: 'passed on',
  usage: [
    'Usage: catga run [node options] <file> [arguments]',
    '',
    'Options before the file are those of Node; write values with "=": --env-file=.env. What follows the file is the',
    "program's, --json and --help too. The exit code is the program's own, and a signal that ends it ends catga.",
  ],
  examples: ['catga run app.ts', 'catga run --watch app.ts --port 8080', 'catga run --inspect-brk --env-file=.env app.ts'],
  async run({ args }) {
    const exitCode = await runNode(['--import', register(process.cwd()), ...nodeArguments(args.operands)])
    return { json: undefined, text: () => [], exitCode }
  },
}

/** @throws CliError (usage) where there is no file */
export function nodeArguments(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => !word.startsWith('-') || word === '--')
  const hasFile = at !== -1 && (words[at] !== '--' || at + 1 < words.length)
  if (!hasFile) throw new CliError(EXIT.usage, 'usage', '<file> is missing.')
  return words
}

/** The project's own copy: its version is the one that the program runs with. */
function register(folder: string): string {
  for (const from of [join(folder, 'package.json'), import.meta.url]) {
    try {
      return pathToFileURL(createRequire(from).resolve('catga/register')).href
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw error
    }
  }
  throw new CliError(EXIT.failed, 'register-missing', `There is no "catga/register" for ${folder}: run "npm install catga".`)
}

/** Signals that ask a program for something; the rest cannot be caught or is between a debugger and its program. */
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGBREAK'] as const satisfies readonly NodeJS.Signals[]

async function runNode(nodeArgs: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, nodeArgs, { stdio: 'inherit' })
  const listeners = PASSED_ON.filter((name) => name in constants.signals).map((name) => {
    const listener = () => {
      // A terminal has sent Ctrl-C to the program as well.
      if (!(name === 'SIGINT' && process.stdin.isTTY)) child.kill(name)
    }
    process.on(name, listener)
    return { name, listener }
  })
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  for (const { name, listener } of listeners) process.off(name, listener)
  if (signal === null) return code ?? EXIT.failed
  process.kill(process.pid, signal)
  // Where it does not end us, on Windows or as the first process of a container, shells' way of saying it.
  return 128 + constants.signals[signal]
}
