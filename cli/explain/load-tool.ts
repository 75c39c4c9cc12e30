/** Tools are the user's: taken as the project has them, else as they are installed beside catga. */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export type ToolModule = Readonly<Record<string, unknown>>

/** Path of a module, or undefined where it is not installed. */
export function toolPath(folder: string, specifier: string): string | undefined {
  for (const from of [join(folder, 'package.json'), import.meta.url]) {
    try {
      return createRequire(from).resolve(specifier)
    } catch {
      // Told by who asked for it.
    }
  }
  return undefined
}

/** The module, with what is exported under `default` alone, as CommonJS modules may be; undefined where it is not installed. */
export async function loadTool(folder: string, specifier: string): Promise<ToolModule | undefined> {
  const path = toolPath(folder, specifier)
  if (path === undefined) return undefined
  const loaded = (await import(pathToFileURL(path).href)) as ToolModule
  return { ...(loaded['default'] as ToolModule | undefined), ...loaded }
}
