import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { BuildDiagnostic } from './build-diagnostic.ts'
import type { InstalledTypeScript } from './installed-typescript.ts'
import type { Project } from './project-order.ts'

/** What both ways of building are given for one project. */
export interface BuildProject {
  readonly project: Project
  readonly typescript: InstalledTypeScript
  /** Names in messages of compiled code are relative to it. */
  readonly cwd: string
  /** `check` writes nothing. */
  readonly mode: 'emit' | 'check'
}

/** What became of one project. */
export interface ProjectBuild {
  /** Absolute path of its `tsconfig.json`. */
  readonly configFile: string
  readonly diagnostics: readonly BuildDiagnostic[]
  /** Absolute paths of the files written. */
  readonly emitted: readonly string[]
  /** Options of the project that this way of building does not carry out, and what it does instead. */
  readonly notHonoured: readonly string[]
}

export function hasErrors(diagnostics: readonly BuildDiagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error')
}

/**
 * Writes outputs, never over an input: of JavaScript that is compiled beside itself TypeScript says so, TS5055.
 *
 * @returns the paths of those that were written
 */
export function writeOutputs(files: ReadonlyMap<string, string>, inputs: readonly string[]): readonly string[] {
  const kept = new Set(inputs.map((path) => resolve(path)))
  const written = [...files].filter(([path]) => !kept.has(resolve(path)) && !kept.has(resolve(path.replace(/\.map$/, ''))))
  for (const [path, text] of written) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  return written.map(([path]) => path)
}

export function readText(path: string): string {
  return readFileSync(path, 'utf8')
}

/** Files that a program compiles itself: no declarations, nothing of a package. */
export function isOwnSource(path: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(path) && !/\.d\.(?:[^./]+\.)?[cm]?ts$/.test(path) && !/[\\/]node_modules[\\/]/.test(path)
}
