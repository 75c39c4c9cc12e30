import type { FunctionManifest } from '../model/manifest.ts'
import { hash } from './hash.ts'

/** Hash over what a journal depends on: the process's name and the call sites of all functions, not lines or options. */
export function shapeHash(process: string, functions: readonly FunctionManifest[]): string {
  return hash(JSON.stringify([process, functions.map(shapeOf)]))
}

function shapeOf({ name, sites, branches }: FunctionManifest): unknown {
  return [name, sites.map(({ kind, method, site, fingerprint }) => [kind, method, site, fingerprint]), branches.map(shapeOf)]
}
