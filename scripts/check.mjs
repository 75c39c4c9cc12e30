/**
 * Everything that can be said about the code without running it. Prints one line per check, the output of those that
 * fail, and ends with a non-zero code if any did.
 *
 *   node scripts/check.mjs [name…]     only the named checks
 */
import { availableParallelism } from 'node:os'
import process from 'node:process'
import { build } from './build.mjs'
import { duration, indent, palette } from './terminal.mjs'
import { commandOf, runNode } from './run.mjs'

/** @typedef {{ name: string, what: string, check: () => Promise<{ code: number, output: string }> }} Check */

// The longest first, so that the others fill the time beside it.
/** @type {readonly Check[]} */
const checks = [
  { name: 'types-6', what: 'types, TypeScript 6', check: () => runNode([commandOf('typescript', 'tsc'), '-p', 'tsconfig.json']) },
  { name: 'types-7', what: 'types, TypeScript 7', check: () => runNode([commandOf('typescript7'), '-p', 'tsconfig.json']) },
  { name: 'package', what: 'package exports', check: () => runNode(['scripts/check/package.mjs']) },
  {
    name: 'unused',
    what: 'dead code',
    check: () => runNode([commandOf('knip', 'knip'), '--no-progress', '--treat-config-hints-as-errors']),
  },
  { name: 'docstrings', what: 'docstrings of public exports', check: () => runNode(['scripts/check/docstrings.mjs']) },
  { name: 'lint', what: 'lint', check: () => runNode([commandOf('oxlint', 'oxlint'), '--deny-warnings', '.']) },
  { name: 'format', what: 'format', check: () => runNode([commandOf('oxfmt', 'oxfmt'), '--check', '.']) },
  { name: 'imports', what: 'import direction and cycles', check: () => runNode(['scripts/check/imports.mjs']) },
]

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !checks.some((check) => check.name === name))
if (unknown.length > 0) {
  console.error(`There is no check "${unknown.join('", "')}". There are: ${checks.map(({ name }) => name).join(', ')}.`)
  process.exit(2)
}

const { bold, dim, green, red } = palette()
const startedAt = performance.now()
const failed = []

// Examples and benches import the package by its name, so their types need the build.
await perform({ name: 'build', what: 'build', check: async () => buildResult(await build()) })
const queue = checks.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, drain))

const summary = failed.length === 0 ? green('All checks passed') : red(`Failed: ${failed.join(', ')}`)
console.log(`${bold(summary)} ${dim(`(${duration(performance.now() - startedAt)})`)}`)
process.exitCode = failed.length === 0 ? 0 : 1

async function drain() {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) await perform(next)
}

/** @param {Check} check */
async function perform({ name, what, check }) {
  const from = performance.now()
  const { code, output } = await check()
  const verdict = code === 0 ? green('ok  ') : red('fail')
  console.log(`${verdict} ${what} ${dim(`(${duration(performance.now() - from)})`)}`)
  if (code === 0) return
  failed.push(name)
  console.log(indent(output))
}

/** @param {{ ok: boolean, output: string }} result */
function buildResult({ ok, output }) {
  return { code: ok ? 0 : 1, output }
}
