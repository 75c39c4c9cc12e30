import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Toolchain } from './toolchain.ts'
import { root } from './toolchain.ts'

export interface Exited {
  readonly code: number | null
  /** Standard output and standard error, as they came. */
  readonly output: string
}

export type CompilerOptions = Readonly<Record<string, unknown>>

const COMMON: CompilerOptions = {
  target: 'ES2022',
  module: 'NodeNext',
  rewriteRelativeImportExtensions: true,
  strict: true,
  types: [],
  skipLibCheck: true,
  rootDir: 'src',
  outDir: 'out',
  plugins: [{ transform: 'catga/transformer' }],
}

/** A user's project in a folder of its own, with this package in its `node_modules`. Dispose it. */
export class TspcProject implements Disposable {
  readonly folder: string
  readonly toolchain: Toolchain

  constructor(toolchain: Toolchain, type: 'module' | 'commonjs' = 'module') {
    if (!existsSync(join(root, 'dist', 'transformer', 'index.js'))) throw new Error('dist/ is missing: run "npm run build" first')
    this.toolchain = toolchain
    this.folder = mkdtempSync(join(tmpdir(), 'catga-tspc-'))
    mkdirSync(join(this.folder, 'node_modules', '@types'), { recursive: true })
    symlinkSync(root, join(this.folder, 'node_modules', 'catga'), 'junction')
    symlinkSync(join(root, 'node_modules', '@types', 'node'), join(this.folder, 'node_modules', '@types', 'node'), 'junction')
    this.write('package.json', JSON.stringify({ type }))
  }

  path(file: string): string {
    return join(this.folder, file)
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(this.path(file)), { recursive: true })
    writeFileSync(this.path(file), text)
  }

  copy(from: string, to: string): void {
    cpSync(from, this.path(to), { recursive: true })
  }

  read(file: string): string {
    return readFileSync(this.path(file), 'utf8')
  }

  has(file: string): boolean {
    return existsSync(this.path(file))
  }

  /** Writes a `tsconfig.json` over the common options. */
  configure(compilerOptions: CompilerOptions = {}, file = 'tsconfig.json'): void {
    this.write(file, JSON.stringify({ compilerOptions: { ...COMMON, ...compilerOptions }, include: ['src'] }))
  }

  tspc(...args: readonly string[]): Promise<Exited> {
    return this.run([this.toolchain.tspc, ...args])
  }

  node(...args: readonly string[]): Promise<Exited> {
    return this.run(args)
  }

  run(args: readonly string[]): Promise<Exited> {
    const child = this.spawn(args)
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    return new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => resolve({ code, output }))
    })
  }

  spawn(args: readonly string[]) {
    const env = { ...process.env, ...this.toolchain.env, NODE_OPTIONS: '', NO_COLOR: '1' }
    return spawn(process.execPath, args, { cwd: this.folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
