/** The `tsconfig.json` files of packages that hold processes, or that name our plugin. */
import type { Finding } from '../finding.ts'
import { pluginEntries } from '../hosts.ts'
import type { InspectedPackage, InspectedProject, Tsconfig } from '../inspected-project.ts'
import { installedVersion, isOlder, majorOf } from '../installed.ts'

export function checkTsconfigs({ packages, show }: InspectedProject): readonly Finding[] {
  return packages.flatMap((inspected) =>
    inspected.tsconfigs.flatMap((tsconfig) => {
      const place = show(tsconfig.path)
      return [...plugins(tsconfig, inspected.folder, place), ...(inspected.processes.length > 0 ? modules(tsconfig, inspected, place) : [])]
    }),
  )
}

function* plugins(tsconfig: Tsconfig, folder: string, place: string): Generator<Finding> {
  const [entry, second] = pluginEntries(tsconfig)
  if (entry === undefined) return
  const options = tsconfig.config.compilerOptions ?? {}
  if (second !== undefined) {
    yield {
      code: 'plugin-twice',
      severity: 'error',
      place,
      message: '"plugins" lists catga/transformer twice, so processes would be compiled twice.',
      fix: 'Leave one { "transform": "catga/transformer" } in compilerOptions.plugins.',
    }
  }
  if (options.noEmit === true && (options.incremental === true || options.composite === true) && entry['transformProgram'] !== true) {
    yield {
      code: 'transform-program-missing',
      severity: 'error',
      place,
      message: '"noEmit" with "incremental" or "composite" never loads a plugin, so mistakes in processes are not reported.',
      fix: 'Write { "transform": "catga/transformer", "transformProgram": true } in compilerOptions.plugins.',
    }
  }
  if (options.noEmit !== true && options.emitDeclarationOnly !== true && options.sourceMap !== true && options.inlineSourceMap !== true) {
    yield {
      code: 'source-maps-off',
      severity: 'warning',
      place,
      message: 'No source maps are written: stack traces and breakpoints show compiled code.',
      fix: 'Set "sourceMap": true, and run Node with --enable-source-maps.',
    }
  }
  yield* pluginVersions(folder, place)
}

function* pluginVersions(folder: string, place: string): Generator<Finding> {
  const typescript = installedVersion(folder, 'typescript')
  const patch = installedVersion(folder, 'ts-patch')
  if (typescript !== undefined && majorOf(typescript) >= 7) {
    yield {
      code: 'typescript-without-plugins',
      severity: 'error',
      place,
      message: `TypeScript ${typescript} takes no plugins: "catga/transformer" in "plugins" does nothing.`,
      fix: 'Build with "catga build --tsc7" and remove the entry, or install typescript@6 and ts-patch@4.',
    }
  } else if (typescript !== undefined && isOlder(typescript, [5, 9])) {
    yield {
      code: 'typescript-too-old',
      severity: 'error',
      place,
      message: `TypeScript ${typescript} is installed, and catga/transformer needs 5.9 or 6.`,
      fix: 'npm install --save-dev typescript@6 ts-patch@4',
    }
  } else if (typescript !== undefined && patch === undefined) {
    yield {
      code: 'ts-patch-missing',
      severity: 'error',
      place,
      message: 'TypeScript alone runs no plugins, and ts-patch is not installed.',
      fix: `npm install --save-dev ts-patch@${majorOf(typescript) >= 6 ? 4 : 3}, and build with tspc.`,
    }
  } else if (typescript !== undefined && patch !== undefined && majorOf(patch) !== (majorOf(typescript) >= 6 ? 4 : 3)) {
    yield {
      code: 'ts-patch-mismatch',
      severity: 'error',
      place,
      message: `ts-patch ${patch} does not patch TypeScript ${typescript}.`,
      fix: `npm install --save-dev ts-patch@${majorOf(typescript) >= 6 ? 4 : 3}`,
    }
  }
}

/** Catga is an ES module that names its entries with "exports": not every "module" and "moduleResolution" can read that. */
function* modules({ config }: Tsconfig, { type, folder }: InspectedPackage, place: string): Generator<Finding> {
  const { module: written, moduleResolution: resolution } = config.compilerOptions ?? {}
  const kind = written?.toLowerCase()
  if (type === 'commonjs' && (kind === 'node16' || kind === 'node18')) {
    yield {
      code: 'module-cannot-import',
      severity: 'error',
      place,
      message: `"module": "${written}" cannot import an ES module from a CommonJS package (TS1479).`,
      fix: 'Set "module" to "nodenext" or "node20", or make the package "type": "module".',
    }
  }
  if (kind === 'amd' || kind === 'umd' || kind === 'system' || kind === 'none') {
    yield {
      code: 'module-cannot-import',
      severity: 'error',
      place,
      message: `"module": "${written}" makes code that Node.js does not load.`,
      fix: 'Set "module" to "nodenext", or to "preserve" or "esnext" for a bundler.',
    }
    return
  }
  if (/^(?:node|node10|classic)$/i.test(resolution ?? '') || resolvesAsNode10(kind, resolution, folder)) {
    yield {
      code: 'module-resolution-without-exports',
      severity: 'error',
      place,
      message: `"moduleResolution": "${resolution ?? 'node10'}"${resolution === undefined ? ', the default of this "module",' : ''} does not read "exports", so "catga/sqlite" and others are not found.`,
      fix: 'Set "moduleResolution" to "bundler", or "module" to "nodenext".',
    }
  }
}

/** What TypeScript 5 takes where nothing is written. */
function resolvesAsNode10(kind: string | undefined, resolution: string | undefined, folder: string): boolean {
  const typescript = installedVersion(folder, 'typescript')
  return resolution === undefined && kind === 'commonjs' && typescript !== undefined && majorOf(typescript) < 6
}
