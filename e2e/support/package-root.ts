import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of the package under test. */
export const packageRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/** Path of the JavaScript file behind a command of an installed package, to be run by this very Node. */
export function commandOf(packageName: string, command?: string): string {
  const folder = join(packageRoot, 'node_modules', packageName)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { bin: string | Record<string, string> }
  const file = typeof bin === 'string' ? bin : command === undefined ? Object.values(bin)[0] : bin[command]
  if (file === undefined) throw new Error(`Package ${packageName} has no command "${command ?? ''}".`)
  return join(folder, file)
}
