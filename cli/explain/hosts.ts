/** What `catga explain --host` knows, and how each lowers compiled text. */
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { lowerWithEsbuild, lowerWithOxc, lowerWithSwc, lowerWithTypeScript7 } from './lower.ts'
import { loadTool, type ToolModule } from './load-tool.ts'

/** In the order they are looked for. `none` shows the text that a tool is handed, types and all. */
export const HOSTS = ['tsc', 'swc', 'esbuild', 'oxc', 'tsc7', 'none'] as const

export type HostName = (typeof HOSTS)[number]

export interface LowerRequest {
  readonly code: string
  readonly fileName: string
  readonly decorators: 'standard' | 'legacy'
  readonly metadata: boolean
}

export interface LoweredText {
  readonly code: string
  /** JSON of the map to the text that was lowered. */
  readonly map: string
}

export type Lower = (tool: ToolModule, request: LowerRequest) => Promise<LoweredText>

interface Host {
  /** Modules that can do it, the first that is installed taken. */
  readonly modules: readonly string[]
  readonly isUsable: (tool: ToolModule) => boolean
  /** Undefined for `tsc`, which compiles the syntax tree and not the text. */
  readonly lower: Lower | undefined
  readonly install: string
}

const has =
  (...names: readonly string[]) =>
  (tool: ToolModule): boolean =>
    names.some((name) => typeof tool[name] === 'function')

const TOOLS: Readonly<Record<Exclude<HostName, 'none'>, Host>> = {
  tsc: { modules: ['typescript'], isUsable: has('transpileModule'), lower: undefined, install: 'typescript@6' },
  swc: { modules: ['@swc/core'], isUsable: has('transform'), lower: lowerWithSwc, install: '@swc/core' },
  esbuild: { modules: ['esbuild'], isUsable: has('transform'), lower: lowerWithEsbuild, install: 'esbuild' },
  oxc: {
    modules: ['oxc-transform', 'rolldown/utils', 'vite'],
    isUsable: has('transform', 'transformWithOxc'),
    lower: lowerWithOxc,
    install: 'oxc-transform',
  },
  tsc7: { modules: ['typescript/sync', 'typescript7/sync'], isUsable: has('API'), lower: lowerWithTypeScript7, install: 'typescript@7.1' },
}

export interface LoadedHost {
  readonly tool: ToolModule
  readonly lower: Lower | undefined
}

export async function isInstalled(name: HostName, folder: string): Promise<boolean> {
  return name === 'none' || (await find(TOOLS[name], folder)) !== undefined
}

/** @throws CliError it is not installed */
export async function loadHost(name: Exclude<HostName, 'none'>, folder: string): Promise<LoadedHost> {
  const host = TOOLS[name]
  const tool = await find(host, folder)
  if (tool !== undefined) return { tool, lower: host.lower }
  const [first] = host.modules
  const message = `--host ${name} needs ${first} as an installed package: npm install --save-dev ${host.install}. --host none needs nothing.`
  throw new CliError(EXIT.failed, 'tool-missing', message)
}

async function find({ modules, isUsable }: Host, folder: string): Promise<ToolModule | undefined> {
  for (const module of modules) {
    const tool = await loadTool(folder, module)
    if (tool !== undefined && isUsable(tool)) return tool
  }
  return undefined
}
