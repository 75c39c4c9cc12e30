/**
 * Builds `dist/` with plain `tsc` and links `node_modules/catga` to this package, so that examples, fixtures and
 * ts-patch find `catga` and `catga/transformer` the way a user's project does.
 *
 *   node scripts/build.mjs
 */
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { duration, indent } from './terminal.mjs'
import { commandOf, root, runNode } from './run.mjs'

const dist = join(root, 'dist')
const buildInfo = join(root, 'node_modules', '.cache', 'tsbuildinfo')
const sourceRooms = ['runtime', 'transformer', 'cli']

/** @returns {Promise<{ ok: boolean, output: string }>} */
export async function build() {
  mkdirSync(join(root, 'node_modules', '.cache'), { recursive: true })
  removeOrphans()
  // Incremental tsc trusts its build info and does not look whether its output is still there.
  if (!outputIsComplete()) rmSync(buildInfo, { force: true })
  const { code, output } = await runNode([commandOf('typescript', 'tsc'), '-p', 'tsconfig.build.json'])
  // Types that do not check are `npm run check`'s to report; output that is missing is ours.
  if (code === 0 && existsSync(join(dist, 'cli', 'main.js'))) chmodSync(join(dist, 'cli', 'main.js'), 0o755)
  if (code === 0) markFresh()
  linkSelf()
  return { ok: code === 0, output }
}

/** Output whose source is gone would be packed and imported for ever. */
function removeOrphans() {
  if (!existsSync(dist)) return
  const compiled = new Set(sources())
  for (const file of filesUnder(dist)) {
    const source = join(root, relative(dist, file).replace(/(\.d\.ts|\.js|\.js\.map)$/, '.ts'))
    if (!compiled.has(source)) rmSync(file)
  }
}

function outputIsComplete() {
  return sources().every((file) => existsSync(outputOf(file)))
}

/** Incremental tsc leaves output alone whose content would be the same; tests compare times to see whether a build is due. */
function markFresh() {
  const now = new Date()
  for (const file of sources()) {
    if (statSync(outputOf(file)).mtimeMs < statSync(file).mtimeMs) utimesSync(outputOf(file), now, now)
  }
}

/** Files that `tsconfig.build.json` compiles. */
function sources() {
  return sourceRooms
    .flatMap((room) => filesUnder(join(root, room)))
    .filter((file) => file.endsWith('.ts') && !/\.(test|test-support|d)\.ts$/.test(file))
}

/** @param {string} file */
function outputOf(file) {
  return join(dist, relative(root, file).replace(/\.ts$/, '.js'))
}

/** @param {string} folder @returns {string[]} */
function filesUnder(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
}

/** A junction needs no rights on Windows and is an ordinary symbolic link elsewhere. */
function linkSelf() {
  const link = join(root, 'node_modules', 'catga')
  if (isLinkToRoot(link)) return
  rmSync(link, { recursive: true, force: true })
  try {
    symlinkSync(root, link, 'junction')
  } catch (error) {
    // Two builds at once: the other one made it.
    if (!isLinkToRoot(link)) throw error
  }
}

/** @param {string} link */
function isLinkToRoot(link) {
  try {
    return lstatSync(link).isSymbolicLink() && realpathSync(link) === realpathSync(root)
  } catch {
    return false
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const startedAt = performance.now()
  const { ok, output } = await build()
  if (output.trim() !== '') console.log(indent(output))
  console.log(ok ? `Built dist${sep} in ${duration(performance.now() - startedAt)}.` : 'The build failed.')
  process.exitCode = ok ? 0 : 1
}
