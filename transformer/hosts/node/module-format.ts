/**
 * Whether a file is an ES module or CommonJS:
 *
 * 1. `.mts` and `.mjs` are ES modules, `.cts` and `.cjs` are CommonJS;
 * 2. else the nearest `package.json` says, if it has a `type`;
 * 3. else `"module": "commonjs"` in `tsconfig.json` does;
 * 4. else another loader for TypeScript does: to tsx it is CommonJS, and modules of a package have to meet each other;
 * 5. else a file with `import` or `export` is an ES module, and one without is CommonJS, as for Node itself.
 *
 * So `import` in a `.ts` file of a `"type": "commonjs"` package is compiled to `require`, as `tsc` does it.
 */
import { extname } from 'node:path'
import { moduleSyntax } from '../../parse/parse.ts'
import { PackageTypes } from '../package-type.ts'
import type { ModuleFormat } from './node-module.ts'

const BY_EXTENSION: Readonly<Record<string, ModuleFormat>> = {
  '.mts': 'module',
  '.mjs': 'module',
  '.cts': 'commonjs',
  '.cjs': 'commonjs',
}

export interface DecideFormat {
  readonly fileName: string
  readonly source: string
  readonly configured: () => ModuleFormat | undefined
  readonly otherLoader: ModuleFormat | undefined
}

export class ModuleFormats {
  readonly #packages = new PackageTypes()

  of({ fileName, source, configured, otherLoader }: DecideFormat): ModuleFormat {
    return (
      BY_EXTENSION[extname(fileName)] ??
      this.#packages.of(fileName) ??
      configured() ??
      otherLoader ??
      (moduleSyntax(source, fileName).isModule ? 'module' : 'commonjs')
    )
  }
}
