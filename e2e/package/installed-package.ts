/**
 * The package as a user gets it: packed, and installed from the tarball in an empty folder with the compiler and the
 * database driver beside it.
 */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildPackage } from '../support/build-package.ts'
import { type ChildEnd, runNode } from '../support/child-process.ts'
import { packageRoot } from '../support/package-root.ts'
import { TemporaryFolder } from '../support/temporary-folder.ts'
import { npm } from './npm.ts'

/** What the README tells a user on Node 20 to install beside `catga`. */
const BESIDE = ['typescript@6.0.3', 'ts-patch@4.0.1', '@photostructure/sqlite@1.2.1', '@types/node@20']

export class InstalledPackage implements Disposable {
  /** Paths in the tarball. */
  readonly packedFiles: readonly string[]
  readonly #folder: TemporaryFolder

  private constructor(folder: TemporaryFolder, packedFiles: readonly string[]) {
    this.#folder = folder
    this.packedFiles = packedFiles
  }

  static async install(): Promise<InstalledPackage> {
    await buildPackage()
    const folder = new TemporaryFolder('installed')
    const packed = JSON.parse(
      await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder.path], packageRoot),
    ) as readonly [{ readonly filename: string; readonly files: readonly { readonly path: string }[] }]
    writeFileSync(folder.file('package.json'), JSON.stringify({ name: 'orders', private: true, type: 'module' }))
    await npm(['install', '--prefer-offline', '--no-audit', '--no-fund', folder.file(packed[0].filename), ...BESIDE], folder.path)
    return new InstalledPackage(
      folder,
      packed[0].files.map(({ path }) => path),
    )
  }

  /** A path in the folder the package is installed in. */
  file(...names: readonly string[]): string {
    return this.#folder.file(...names)
  }

  /** A project under that folder, with the sources of `app/` named. */
  project(
    name: string,
    type: 'module' | 'commonjs',
    sources: readonly string[],
    compilerOptions: Readonly<Record<string, unknown>>,
  ): string {
    const folder = this.file(name)
    mkdirSync(folder)
    writeFileSync(this.file(name, 'package.json'), JSON.stringify({ name, private: true, type }))
    for (const source of sources) cpSync(fileURLToPath(new URL(`app/${source}`, import.meta.url)), this.file(name, 'src', source))
    const options = {
      target: 'ES2022',
      lib: ['ES2023', 'ESNext.Disposable'],
      strict: true,
      types: ['node'],
      rootDir: 'src',
      outDir: 'dist',
      ...compilerOptions,
    }
    writeFileSync(this.file(name, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['src'] }))
    return folder
  }

  /** Compiles a project with the installed `tspc`. */
  async compile(project: string): Promise<void> {
    const { code, output } = await runNode([this.file('node_modules', 'ts-patch', 'bin', 'tspc.js'), '-p', project], { cwd: project })
    if (code !== 0) throw new Error(`${project} does not compile:\n${output}`)
  }

  /** Runs a program text as a module or script in the installing folder. */
  evaluate(type: 'module' | 'commonjs', program: string): Promise<ChildEnd> {
    const file = this.file(`program-${Math.random().toString(36).slice(2)}.${type === 'module' ? 'mjs' : 'cjs'}`)
    writeFileSync(file, program)
    return runNode([file], { cwd: this.file() })
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]()
  }
}
