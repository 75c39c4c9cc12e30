/**
 * A user's project in a folder of its own, outside the repository: the packed tarball unpacked in its `node_modules`, and beside
 * it the real tools that compile it.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type ChildEnd, NodeProcess, runNode, type RunOptions } from './child-process.ts'
import { unpackPackage } from './packed-package.ts'
import { packageRoot } from './package-root.ts'
import { TemporaryFolder } from './temporary-folder.ts'

const TOOLS = join(packageRoot, 'e2e', 'tools', 'node_modules')

/** Node versions that tests run beside the one they are run by. */
export type NodeVersion = 'node22' | 'node24' | 'node26'

export interface HostProjectOptions {
  /**
   * Packages of `e2e/tools` that the user has installed; `vite` or, under another name than the folder's, `typescript=typescript7`.
   */
  readonly tools: readonly string[]
  /** Default `module`. */
  readonly type?: 'module' | 'commonjs'
}

export class HostProject implements Disposable {
  readonly #folder: TemporaryFolder

  private constructor(folder: TemporaryFolder) {
    this.#folder = folder
  }

  static async create({ tools, type = 'module' }: HostProjectOptions): Promise<HostProject> {
    const folder = new TemporaryFolder('host')
    const project = new HostProject(folder)
    project.write('package.json', JSON.stringify({ name: 'orders', version: '1.0.0', private: true, type }))
    await unpackPackage(folder.file('node_modules', 'catga'))
    const { dependencies } = JSON.parse(project.read('node_modules/catga/package.json')) as { dependencies: Record<string, string> }
    for (const name of Object.keys(dependencies)) project.#link(name, join(packageRoot, 'node_modules', name))
    for (const tool of ['@types/node', ...tools]) {
      const [name = tool, installed = name] = tool.split('=')
      project.#link(name, join(TOOLS, installed))
    }
    return project
  }

  get path(): string {
    return this.#folder.path
  }

  file(...names: readonly string[]): string {
    return this.#folder.file(...names)
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.file(name)), { recursive: true })
    writeFileSync(this.file(name), text)
  }

  read(name: string): string {
    return readFileSync(this.file(name), 'utf8')
  }

  has(name: string): boolean {
    return existsSync(this.file(name))
  }

  /** Removes a file or folder, if it is there. */
  remove(name: string): void {
    rmSync(this.file(name), { recursive: true, force: true })
  }

  /** Copies a file or folder, by absolute path, to a name in the project. */
  copy(from: string, to: string): void {
    cpSync(from, this.file(to), { recursive: true })
  }

  /** Path of the JavaScript file behind a command of an installed tool. */
  command(tool: string, command?: string): string {
    const { bin } = JSON.parse(this.read(`node_modules/${tool}/package.json`)) as { bin: string | Record<string, string> }
    const file = typeof bin === 'string' ? bin : command === undefined ? Object.values(bin)[0] : bin[command]
    if (file === undefined) throw new Error(`Package ${tool} has no command "${command ?? ''}".`)
    return this.file('node_modules', tool, file)
  }

  /** Runs `node ...args` in the project's folder to its end. */
  run(args: readonly string[], options: HostRunOptions = {}): Promise<ChildEnd> {
    return runNode(args, this.#runOptions(options))
  }

  /** Starts `node ...args` in the project's folder. */
  start(args: readonly string[], options: HostRunOptions = {}): NodeProcess {
    return new NodeProcess(args, this.#runOptions(options))
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]()
  }

  #runOptions({ node, ...options }: HostRunOptions): RunOptions {
    return { cwd: this.path, ...options, ...(node !== undefined && { program: nodeBinary(node) }) }
  }

  #link(name: string, target: string): void {
    if (!existsSync(target)) throw new Error(`${target} is not installed: run "npm test", or "npm ci" in e2e/tools.`)
    mkdirSync(dirname(this.file('node_modules', name)), { recursive: true })
    symlinkSync(target, this.file('node_modules', name), 'junction')
  }
}

export interface HostRunOptions extends RunOptions {
  /** Default: the Node that runs the tests. */
  readonly node?: NodeVersion
}

/** Path of the binary in the npm package that carries it. */
export function nodeBinary(version: NodeVersion): string {
  return join(TOOLS, version, 'bin', 'node')
}

/** The versions whose binary is there for this platform: all of them on Linux x64, where continuous integration runs. */
export function installedNodes(): readonly NodeVersion[] {
  return (['node22', 'node24', 'node26'] as const).filter((version) => existsSync(nodeBinary(version)))
}
