/** A user's project with every bundler installed, its sources twice: for standard and for legacy decorators. */
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HostProject } from '../../support/host-project.ts'
import { packageRoot } from '../../support/package-root.ts'

export const BUNDLERS = ['vite', 'rollup', 'rolldown', 'webpackSwc', 'webpackTs', 'rspack', 'esbuild'] as const
export type Bundler = (typeof BUNDLERS)[number]

const TOOLS = ['vite', 'rollup', 'rolldown', 'webpack', '@rspack/core', 'esbuild', 'swc-loader', '@swc/core', 'ts-loader', 'typescript']
const SQLITE = '@photostructure/sqlite'
const APP = fileURLToPath(new URL('app', import.meta.url))

export interface BuildOptions {
  readonly name: string
  readonly decorators?: 'standard' | 'legacy'
  readonly folder?: string
  readonly entries: readonly string[]
  readonly minify?: boolean
  /** Whether Catga itself is put into the bundle; default it stays outside. */
  readonly bundled?: boolean
  /** Packages that stay outside. */
  readonly outside?: readonly string[]
  /** How often the plugin is listed; default once. */
  readonly catga?: number
  readonly catgaOptions?: object
  /** A module that another plugin puts two lines above, before Catga sees it; for bundlers with Rollup's hooks. */
  readonly shifted?: string
  /** Option `cache` of webpack and Rspack. */
  readonly cache?: object
}

export interface Built {
  readonly name: string
  readonly errors: readonly BundlerMessage[]
  readonly warnings: readonly BundlerMessage[]
}

export interface BundlerMessage {
  readonly message: string
  readonly code?: string
  readonly loc?: unknown
  readonly frame?: string
  readonly moduleName?: string
  readonly file?: string
}

export class BundlerProject implements Disposable {
  readonly host: HostProject

  private constructor(host: HostProject) {
    this.host = host
  }

  static async create(): Promise<BundlerProject> {
    const host = await HostProject.create({ tools: TOOLS })
    mkdirSync(host.file('node_modules', '@photostructure'), { recursive: true })
    symlinkSync(join(packageRoot, 'node_modules', SQLITE), host.file('node_modules', SQLITE), 'junction')
    for (const decorators of ['standard', 'legacy', 'undecorated']) {
      host.copy(APP, decorators)
      const compilerOptions = {
        target: 'ES2022',
        module: 'ESNext',
        moduleResolution: 'Bundler',
        rewriteRelativeImportExtensions: true,
        types: [],
        experimentalDecorators: decorators === 'legacy',
      }
      host.write(`${decorators}/tsconfig.json`, JSON.stringify({ compilerOptions }))
    }
    // Oxc leaves standard decorators as they are, which no Node.js can read. Ours are gone by then.
    host.write('undecorated/traced.process.ts', host.read('standard/traced.process.ts').replace('  @trace\n', ''))
    for (const script of ['bundlers.mjs', 'build.mjs', 'watch.mjs', 'dev-server.mjs']) host.copy(`${APP}/${script}`, script)
    return new BundlerProject(host)
  }

  /** Builds one after the other in one process of the bundler. */
  async build(bundler: Bundler, builds: readonly BuildOptions[]): Promise<ReadonlyMap<string, Built>> {
    const args = builds.map((build) => this.#complete(build))
    const { code, output } = await this.host.run(['build.mjs', bundler, JSON.stringify(args)])
    const lines = output.split('\n').filter((line) => line.startsWith('{"name"'))
    if (code !== 0 || lines.length !== builds.length) throw new Error(`${bundler} printed:\n${output}`)
    return new Map(lines.map((line) => [(JSON.parse(line) as Built).name, JSON.parse(line) as Built]))
  }

  watch(bundler: Bundler, build: BuildOptions) {
    return this.host.start(['watch.mjs', bundler, JSON.stringify(this.#complete(build))])
  }

  /** Folder that a build writes to. */
  output(name: string): string {
    return this.host.file('out', name)
  }

  #complete({ decorators = 'standard', folder = decorators, ...build }: BuildOptions) {
    return { ...build, decorators, folder: this.host.file(folder), outDir: this.output(build.name) }
  }

  [Symbol.dispose](): void {
    this.host[Symbol.dispose]()
  }
}
