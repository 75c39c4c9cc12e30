/** Whether `.js` files of a package are ES modules or CommonJS, where the nearest `package.json` says so. */
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

export type PackageType = 'module' | 'commonjs'

/** Remembers each folder it has looked into. */
export class PackageTypes {
  readonly #byFolder = new Map<string, PackageType | undefined>()

  /**
   * @returns undefined where there is no `package.json`, or one without a `type`
   * @throws Error a `package.json` that is no JSON; the message names it
   */
  of(fileName: string): PackageType | undefined {
    return this.#ofFolder(dirname(fileName))
  }

  #ofFolder(folder: string): PackageType | undefined {
    if (this.#byFolder.has(folder)) return this.#byFolder.get(folder)
    const type = this.#read(folder)
    this.#byFolder.set(folder, type)
    return type
  }

  #read(folder: string): PackageType | undefined {
    if (basename(folder) === 'node_modules') return undefined
    const manifest = join(folder, 'package.json')
    const text = textOf(manifest)
    if (text !== undefined) return typeIn(text, manifest)
    const parent = dirname(folder)
    return parent === folder ? undefined : this.#ofFolder(parent)
  }
}

function typeIn(text: string, manifest: string): PackageType | undefined {
  try {
    // Editors on Windows write a byte order mark, and Node takes it.
    const { type } = JSON.parse(text.replace(/^\uFEFF/, '')) as { readonly type?: unknown }
    return type === 'module' || type === 'commonjs' ? type : undefined
  } catch (cause) {
    throw new Error(`${manifest} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
