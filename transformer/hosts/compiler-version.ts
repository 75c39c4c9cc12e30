import { createHash } from 'node:crypto'

/** Held equal to package.json by a test: reading JSON at load differs between Node versions and layouts. */
export const PACKAGE_VERSION = '0.1.0'

/** What emitted code says it was compiled by. Options that change the output are part of it; there are none yet. */
export function compilerVersion(options: Readonly<Record<string, unknown>> = {}): string {
  const canonical = JSON.stringify(Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1)))
  return `${PACKAGE_VERSION}+${createHash('sha256').update(canonical).digest('hex').slice(0, 8)}`
}

/** Version of the compiler and hash of its options, as emitted code carries it: `0.1.0+<hash>`. */
export const VERSION: string = compilerVersion()
