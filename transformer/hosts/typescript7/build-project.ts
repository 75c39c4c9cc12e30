import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
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

/** @returns the paths, as they were written */
export function writeOutputs(files: ReadonlyMap<string, string>): readonly string[] {
  for (const [path, text] of files) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  return [...files.keys()]
}

export function readText(path: string): string {
  return readFileSync(path, 'utf8')
}

/** Files that a program compiles itself: no declarations, nothing of a package. */
export function isOwnSource(path: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(path) && !/\.d\.(?:[^./]+\.)?[cm]?ts$/.test(path) && !/[\\/]node_modules[\\/]/.test(path)
}
