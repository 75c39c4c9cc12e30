/** Finds the TypeScript of a project, and what of it can be used. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { missingInSync, type SyncModules } from './sync-api.ts'
import { TypeScript7Error } from './typescript7-error.ts'

/** A package as it is installed. */
export interface InstalledPackage {
  readonly version: string
  readonly folder: string
}

export interface InstalledTypeScript extends InstalledPackage {
  /** Path of the JavaScript file behind `tsc`. */
  readonly tsc: string
  /** Its programming interface, or why there is none. */
  readonly sync: SyncModules | { readonly missing: string }
}

/** @throws TypeScript7Error it is not installed, or is no TypeScript 7 */
export async function installedTypeScript(projectFolder: string, name: string): Promise<InstalledTypeScript> {
  const found = installedPackage(projectFolder, name)
  if (found === undefined) {
    const message = `Package "${name}" is not installed for ${projectFolder}: npm install --save-dev ${name === 'typescript' ? 'typescript@7' : `${name}@npm:typescript@7`}.`
    throw new TypeScript7Error('typescript-missing', message)
  }
  if (Number.parseInt(found.version, 10) < 7) {
    const message = `"${name}" is TypeScript ${found.version}, and this needs 7. TypeScript 5.9 and 6 compile with the plugin: tspc, see docs/hosts/tsc.md.`
    throw new TypeScript7Error('typescript-unsupported', message)
  }
  return { ...found, tsc: join(found.folder, 'bin', 'tsc'), sync: await loadSync(projectFolder, name, found.version) }
}

/** The package as the project sees it; undefined where it is not installed. */
export function installedPackage(projectFolder: string, name: string): InstalledPackage | undefined {
  try {
    const manifest = createRequire(join(projectFolder, 'package.json')).resolve(`${name}/package.json`)
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version?: unknown }
    return { version: String(version), folder: dirname(manifest) }
  } catch {
    return undefined
  }
}

async function loadSync(projectFolder: string, name: string, version: string): Promise<InstalledTypeScript['sync']> {
  const sync = await importFrom(projectFolder, `${name}/sync`)
  const fs = await importFrom(projectFolder, `${name}/fs`)
  if (sync === undefined || fs === undefined) return { missing: `TypeScript ${version} has no "typescript/sync"` }
  const missing = missingInSync(sync, fs)
  if (missing !== undefined) return { missing: `"typescript/sync" of TypeScript ${version} has no ${missing}` }
  return { ...sync, ...fs } as unknown as SyncModules
}

/** A module as the project sees it; undefined where it is not there. */
export async function importFrom(projectFolder: string, specifier: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  let path: string
  try {
    path = createRequire(join(projectFolder, 'package.json')).resolve(specifier)
  } catch {
    return undefined
  }
  return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>
}
