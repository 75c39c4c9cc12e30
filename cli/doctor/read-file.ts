/** The doctor only reads. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import type { Dirent } from 'node:fs'

/** Text of a file, or undefined where there is none to read. */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** What a JSON file holds; undefined where there is none, or it is not JSON. */
export function jsonOf(path: string): Readonly<Record<string, unknown>> | undefined {
  const text = textOf(path)
  if (text === undefined) return undefined
  try {
    return recordOf(JSON.parse(text.replace(/^\uFEFF/, '')))
  } catch {
    return undefined
  }
}

export function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
}

/** A value deep in JSON: `valueAt(swcrc, 'jsc', 'transform')`. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => recordOf(inner)?.[name], value)
}

export function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return []
  }
}

export function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile()
}
