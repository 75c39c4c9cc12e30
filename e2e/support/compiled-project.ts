/**
 * A folder of process files, compiled by the real `tspc` in a project of its own outside the repository, the way a user
 * has it: its `node_modules/catga` is a copy of what is published of this package, so that a build beside the tests
 * changes nothing under them.
 */
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildPackage } from './build-package.ts'
import { runNode } from './child-process.ts'
import { commandOf, packageRoot } from './package-root.ts'
import { TemporaryFolder } from './temporary-folder.ts'

/** What the project's `tsconfig.json` says, unless a test says otherwise. */
const COMPILER_OPTIONS = {
  target: 'ES2022',
  lib: ['ES2023', 'ESNext.Disposable'],
  module: 'NodeNext',
  types: ['node'],
  strict: true,
  skipLibCheck: true,
  sourceMap: true,
  rewriteRelativeImportExtensions: true,
  noEmitOnError: true,
  rootDir: 'src',
  outDir: 'dist',
  plugins: [{ transform: 'catga/transformer' }],
}

export class CompiledProject implements Disposable {
  readonly #folder: TemporaryFolder

  constructor(folder: TemporaryFolder) {
    this.#folder = folder
  }

  /** Path of a compiled file, named by its source: `main.ts`. */
  output(sourceName: string): string {
    return this.#folder.file('dist', sourceName.replace(/\.ts$/, '.js'))
  }

  /** Path of a source file as source maps name it. */
  source(sourceName: string): string {
    return this.#folder.file('src', sourceName)
  }

  /** 1-based line that holds `text`, which is in one line only. */
  line(sourceName: string, text: string): number {
    const lines = readFileSync(this.source(sourceName), 'utf8').split('\n')
    const found = lines.flatMap((line, index) => (line.includes(text) ? [index + 1] : []))
    const [only] = found
    if (only === undefined || found.length > 1) throw new Error(`"${text}" is in ${found.length} lines of ${sourceName}.`)
    return only
  }

  /** A path in the project's folder for what a test writes. */
  file(...names: readonly string[]): string {
    return this.#folder.file(...names)
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]()
  }
}

/**
 * @param sources folder whose TypeScript files are the project
 * @throws Error the project does not compile; the message holds what `tspc` said
 */
export async function compileProject(sources: string, compilerOptions: Readonly<Record<string, unknown>> = {}): Promise<CompiledProject> {
  await buildPackage()
  const folder = new TemporaryFolder('project')
  cpSync(sources, folder.file('src'), { recursive: true })
  writeFileSync(folder.file('package.json'), JSON.stringify({ name: 'orders', type: 'module', private: true }))
  writeFileSync(
    folder.file('tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...COMPILER_OPTIONS, ...compilerOptions }, include: ['src'] }),
  )
  for (const published of ['package.json', 'dist'])
    cpSync(join(packageRoot, published), folder.file('node_modules', 'catga', published), { recursive: true })
  for (const installed of [...dependencies(), '@photostructure/sqlite', '@types/node']) {
    link(join(packageRoot, 'node_modules', installed), folder.file('node_modules', installed))
  }
  const { code, output } = await runNode([commandOf('ts-patch', 'tspc'), '-p', folder.path], { cwd: folder.path })
  if (code === 0) return new CompiledProject(folder)
  folder[Symbol.dispose]()
  throw new Error(`${sources} does not compile:\n${output}`)
}

/** Packages that come with this one. */
function dependencies(): readonly string[] {
  return Object.keys(
    (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { dependencies: Record<string, string> }).dependencies,
  )
}

function link(target: string, path: string): void {
  mkdirSync(join(path, '..'), { recursive: true })
  symlinkSync(target, path, 'junction')
}
