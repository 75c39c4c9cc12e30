import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../support/package-root.ts'

const TOOLS = join(packageRoot, 'e2e', 'tools', 'node_modules')

/** Runtimes other than Node that npm has installed for this platform: all of them on Linux x64, where continuous integration runs. */
export function installedRuntime(name: 'bun' | 'deno'): readonly string[] {
  const path = name === 'bun' ? join(TOOLS, '@oven', 'bun-linux-x64', 'bin', 'bun') : join(TOOLS, '@deno', 'linux-x64-glibc', 'deno')
  return existsSync(path) ? [path] : []
}

export const isLinuxX64 = process.platform === 'linux' && process.arch === 'x64'
