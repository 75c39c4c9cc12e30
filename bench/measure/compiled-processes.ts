/**
 * The benchmarks' processes as users' builds make them: `bench/processes` through the real `tspc` with the plugin, and the same
 * programs without it: their decorators taken out, through plain `tsc`.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const sources = join(root, 'bench', 'processes')
const cache = join(root, 'node_modules', '.cache', 'catga-bench')

const COMPILER_OPTIONS = {
  target: 'ES2022',
  module: 'NodeNext',
  types: ['node'],
  strict: true,
  skipLibCheck: true,
  rootDir: 'src',
  outDir: 'out',
}

/** A folder of compiled programs; dispose of it when done. */
export class CompiledProcesses implements Disposable {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  /** Compiles all of `bench/processes`. */
  static build(variant: 'compiled' | 'bare'): CompiledProcesses {
    mkdirSync(cache, { recursive: true })
    const folder = mkdtempSync(join(cache, `${variant}-`))
    const src = join(folder, 'src')
    cpSync(sources, src, { recursive: true })
    if (variant === 'bare')
      for (const file of readdirSync(src)) writeFileSync(join(src, file), withoutDecorators(readFileSync(join(src, file), 'utf8')))
    const plugins = variant === 'compiled' ? [{ transform: 'catga/transformer' }] : []
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...COMPILER_OPTIONS, plugins }, include: ['src'] }))
    compile(folder)
    return new CompiledProcesses(folder)
  }

  /** Path of a compiled module. */
  path(module: string): string {
    return join(this.folder, 'out', `${module}.js`)
  }

  async load<Module>(module: string): Promise<Module> {
    return (await import(pathToFileURL(this.path(module)).href)) as Module
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** The JavaScript file behind `tspc`, to be run by this very Node. */
export function tspc(): string {
  return join(dirname(createRequire(import.meta.url).resolve('ts-patch/package.json')), 'bin', 'tspc.js')
}

function compile(folder: string): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [tspc(), '-p', folder], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`tspc failed on the benchmark's processes:\n${stdout}${stderr}`)
}

/** A decorator of ours fills lines of its own in these sources, so taking the lines out takes the decorators out. */
function withoutDecorators(source: string): string {
  return source.replaceAll(/^ *@(?:CatgaProcess|ProcessStep)\(.*\)\n/gm, '').replaceAll(/\b(?:CatgaProcess|ProcessStep)\b(?:, )?/g, '')
}
