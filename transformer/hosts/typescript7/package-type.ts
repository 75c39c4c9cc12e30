import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What the nearest `package.json` says that `.js` files beside it are. */
export function getPackageType(fileName: string): 'module' | 'commonjs' {
  for (let folder = dirname(fileName); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest)) {
      const { type } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly type?: unknown }
      return type === 'module' ? 'module' : 'commonjs'
    }
    if (folder === dirname(folder)) return 'commonjs'
  }
}
