import { fileURLToPath } from 'node:url'

/** The root of this package, which test projects see as `node_modules/catga`. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

export interface Toolchain {
  readonly name: string
  /** The `tspc` to run with node. */
  readonly tspc: string
  readonly env: Readonly<Record<string, string>>
}

const modules = `${root}/node_modules`
const env = { TSP_CACHE_DIR: `${modules}/.cache/ts-patch` }

/** What users compile with: both pairs that ts-patch supports. */
export const toolchains: readonly [typescript6: Toolchain, typescript5: Toolchain] = [
  { name: 'TypeScript 6 with ts-patch 4', tspc: `${modules}/ts-patch/bin/tspc.js`, env },
  {
    name: 'TypeScript 5.9 with ts-patch 3',
    tspc: `${modules}/ts-patch3/bin/tspc.js`,
    env: { ...env, TSP_COMPILER_TS_PATH: `${modules}/typescript5` },
  },
]
