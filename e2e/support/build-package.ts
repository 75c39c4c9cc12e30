/**
 * Sees to it that `dist/` is what the sources say, once for however many test files ask at the same time.
 *
 * Invariants
 * 1. One build at a time: whoever finds the lock waits for it, and a lock whose owner is gone is taken over.
 * 2. Output as new as its source is left alone, so nothing changes under tests that already run.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { runNode } from './child-process.ts'
import { packageRoot } from './package-root.ts'

const ROOMS = ['runtime', 'transformer', 'cli'] as const
const lock = join(packageRoot, 'node_modules', '.cache', 'e2e-build.lock')

/** Builds the package unless its output is fresh. */
export async function buildPackage(): Promise<void> {
  if (staleSources().length === 0) return
  await acquire()
  try {
    if (staleSources().length === 0) return
    const { output } = await runNode([join(packageRoot, 'scripts', 'build.mjs')], { cwd: packageRoot })
    const missing = staleSources()
    if (missing.length > 0) throw new Error(`The package does not build; no fresh output for ${missing.join(', ')}.\n${output}`)
  } finally {
    rmSync(lock, { force: true })
  }
}

function staleSources(): readonly string[] {
  return ROOMS.flatMap((room) => sourcesUnder(join(packageRoot, room)))
    .map((file) => relative(packageRoot, file))
    .filter((file) => {
      const output = join(packageRoot, 'dist', file.replace(/\.ts$/, '.js'))
      return !existsSync(output) || statSync(output).mtimeMs < statSync(join(packageRoot, file)).mtimeMs
    })
}

function sourcesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !/\.(?:test|test-support|d)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

async function acquire(): Promise<void> {
  mkdirSync(join(lock, '..'), { recursive: true })
  for (;;) {
    try {
      return writeFileSync(lock, String(process.pid), { flag: 'wx' })
    } catch {
      if (!isOwned()) rmSync(lock, { force: true })
      await delay(50)
    }
  }
}

function isOwned(): boolean {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0)
    return true
  } catch {
    return false
  }
}
