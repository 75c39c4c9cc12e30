/** Runs other programs from the root of the package, without a shell, so that it works the same everywhere. */
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

const require = createRequire(import.meta.url)

/**
 * Path of the JavaScript file behind a command of an installed package, to be run by this very Node.
 * @param {string} packageName
 * @param {string} [command] defaults to the package's only one
 */
export function commandOf(packageName, command) {
  const folder = join(root, 'node_modules', packageName)
  const { bin } = require(join(folder, 'package.json'))
  const file = typeof bin === 'string' ? bin : command === undefined ? Object.values(bin)[0] : bin[command]
  return join(folder, file)
}

/**
 * @param {readonly string[]} args of `node`
 * @returns {Promise<{ code: number, output: string }>} output is standard output and standard error as they came
 */
export function runNode(args) {
  return run(process.execPath, args)
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ shell?: boolean, cwd?: string }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' }, ...options })
    let output = ''
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString()
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

/**
 * Like `run` with what the program prints passed through as it comes.
 * @param {readonly string[]} args of `node`
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} exit code
 */
export function passThrough(args, env = process.env) {
  return new Promise((resolve, reject) => {
    // Some tools colour whatever CI they believe to be in; logs are read as plain text.
    const colour = process.stdout.isTTY ? {} : { NO_COLOR: '1' }
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...env, ...colour } })
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}
