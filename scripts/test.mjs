/**
 * Builds, installs the tools that hosts are tested with, runs the tests and ends with one plain line: `N passed, N failed, N skipped`.
 *
 *   node scripts/test.mjs [--soak] [vitest arguments…]     --soak runs the unbounded set
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { build } from './build.mjs'
import { installTestTools } from './test-tools.mjs'
import { duration, indent } from './terminal.mjs'
import { commandOf, passThrough } from './run.mjs'

const args = process.argv.slice(2)
const soak = args.includes('--soak')

const startedAt = performance.now()
const built = await build()
if (!built.ok) {
  console.log(indent(built.output))
  console.log('The build failed, so no test was run.')
  console.log('0 passed, 1 failed, 0 skipped')
  process.exit(1)
}
if (!(await installTestTools())) {
  console.log('The tools that the tests run could not be installed, so no test was run.')
  console.log('0 passed, 1 failed, 0 skipped')
  process.exit(1)
}
console.log(`Ready in ${duration(performance.now() - startedAt)}. Running the ${soak ? 'unbounded' : 'bounded'} test set.`)

const folder = mkdtempSync(join(tmpdir(), 'catga-test-'))
const resultFile = join(folder, 'results.json')
try {
  const code = await passThrough(
    [
      commandOf('vitest', 'vitest'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${resultFile}`,
      ...args.filter((arg) => arg !== '--soak'),
    ],
    soak ? { ...process.env, CATGA_SOAK: '1' } : process.env,
  )
  const { passed, failed, skipped } = count(resultFile)
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
  process.exitCode = code === 0 && failed === 0 && passed > 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/**
 * A file that cannot be loaded holds no tests but is a failure; so is a run that leaves no results.
 * @param {string} file
 */
function count(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }
  const result = JSON.parse(readFileSync(file, 'utf8'))
  const unloadable = result.testResults.filter(
    (suite) => suite.status === 'failed' && !suite.assertionResults.some(({ status }) => status === 'failed'),
  )
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + unloadable.length,
    skipped: result.numPendingTests + result.numTodoTests,
  }
}
