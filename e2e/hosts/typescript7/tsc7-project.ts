/** A user's project with a TypeScript of ours to choose. */
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { ChildEnd } from '../../support/child-process.ts'
import { HostProject } from '../../support/host-project.ts'
import { packageRoot } from '../../support/package-root.ts'
import { MAIN, ORDER, PRICE } from './sources.ts'

const OPTIONS = {
  target: 'ES2022',
  lib: ['ES2023', 'ESNext.Disposable'],
  module: 'NodeNext',
  strict: true,
  noUnusedLocals: true,
  sourceMap: true,
  declaration: true,
  rewriteRelativeImportExtensions: true,
  skipLibCheck: true,
  types: ['node'],
  rootDir: 'src',
  outDir: 'dist',
}

export type CompilerOptions = Readonly<Record<string, unknown>>

export class Tsc7Project implements Disposable {
  readonly host: HostProject

  private constructor(host: HostProject) {
    this.host = host
  }

  static async create(...tools: readonly string[]): Promise<Tsc7Project> {
    const host = await HostProject.create({ tools })
    const sqlite = join('@photostructure', 'sqlite')
    mkdirSync(host.file('node_modules', '@photostructure'), { recursive: true })
    symlinkSync(join(packageRoot, 'node_modules', sqlite), host.file('node_modules', sqlite), 'junction')
    const project = new Tsc7Project(host)
    host.write('src/order.process.ts', ORDER)
    host.write('src/price.ts', PRICE)
    host.write('src/main.ts', MAIN)
    project.configure()
    return project
  }

  configure(options: CompilerOptions = {}, more: Readonly<Record<string, unknown>> = {}): void {
    this.configureIn('.', options, more)
  }

  configureIn(folder: string, options: CompilerOptions = {}, more: Readonly<Record<string, unknown>> = {}): void {
    this.host.write(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...OPTIONS, ...options }, include: ['src'], ...more }),
    )
  }

  build(...args: readonly string[]): Promise<ChildEnd> {
    return this.host.run([this.host.file('node_modules', 'catga', 'dist', 'cli', 'main.js'), 'build', '--tsc7', ...args])
  }

  /** Text of an output, or undefined where none was written. */
  output(name: string): string | undefined {
    return existsSync(this.host.file(name)) ? this.host.read(name) : undefined
  }

  [Symbol.dispose](): void {
    this.host[Symbol.dispose]()
  }
}
