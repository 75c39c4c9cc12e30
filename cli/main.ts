#!/usr/bin/env node
/**
 * The `catga` command: gives `runCli` the real world and leaves with its exit code.
 */
import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { createClient } from '../runtime/index.ts'
import { sqliteJournal } from '../runtime/sqlite/index.ts'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'
import { runCli, type CliEnvironment } from './run-cli.ts'

const environment: CliEnvironment = {
  env: process.env,
  terminalWidth: process.stdout.isTTY ? process.stdout.columns : undefined,
  version: ownVersion(),
  print: (text) => void process.stdout.write(text),
  printError: (text) => void process.stderr.write(text),
  openStore,
  readFile: readSource,
  now: () => Date.now(),
  live: {
    terminal: process.stderr.isTTY,
    print: (text) => void process.stdout.write(text),
    printError: (text) => void process.stderr.write(text),
    interruption,
  },
}

// A reader that has seen enough, such as `head`, closes the pipe; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok)
  throw error
})

void runCli(process.argv.slice(2), environment).then((code) => {
  process.exitCode = code
})

function interruption(): AbortSignal {
  const controller = new AbortController()
  // The second one ends the process as if nobody listened.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort())
  return controller.signal
}

async function openStore(file: string): ReturnType<CliEnvironment['openStore']> {
  // Opening would make an empty store, and a typing error would look like "No instances."
  if (!existsSync(file)) throw new CliError(EXIT.notFound, 'store-not-found', `There is no store "${file}".`)
  const journal = sqliteJournal(file)
  return { client: createClient({ journal }), close: () => journal[Symbol.asyncDispose]() }
}

async function readSource(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT' || code === 'EISDIR') throw new CliError(EXIT.notFound, 'file-not-found', `There is no file "${path}".`)
    throw error
  }
}

function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown'
}
