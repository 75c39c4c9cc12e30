/**
 * Installs `e2e/tools`, the compilers, bundlers, runners and Node versions that the package is tested with, unless what is installed
 * is what its lock file names. They are no dependencies of the repository: nobody needs them to build or to try it.
 *
 *   node scripts/test-tools.mjs
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { root, run } from './run.mjs'
import { duration, indent } from './terminal.mjs'

const folder = join(root, 'e2e', 'tools')
const mark = join(folder, 'node_modules', '.installed')

/** @returns {Promise<boolean>} whether they are there */
export async function installTestTools() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex')
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return true
  console.log('Installing the tools that hosts are tested with; once per lock file, about a minute.')
  const startedAt = performance.now()
  // Tools that declare a newer Node than the oldest supported one are run by a newer Node; npm's word on it is no news.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const { code, output } = await run('npm', args, { cwd: folder, shell: process.platform === 'win32' })
  if (code !== 0) {
    console.log(indent(output))
    return false
  }
  writeFileSync(mark, wanted)
  console.log(`Installed them in ${duration(performance.now() - startedAt)}.`)
  return true
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = (await installTestTools()) ? 0 : 1
