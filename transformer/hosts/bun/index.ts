/**
 * `catga/bun`: importing it makes Bun compile process files as it loads them, `bun --preload catga/bun app.ts`; the default export
 * is the same as a plugin of `Bun.build`.
 */
import { readFileSync } from 'node:fs'
import { describeDiagnostic, ModuleCompiler } from '../module-compiler.ts'

/** What the plugin uses of Bun's builder. */
export interface BunPluginBuilder {
  onLoad(filter: { readonly filter: RegExp }, load: (file: { readonly path: string }) => BunLoaded): unknown
}

/** A module as Bun takes it. */
export interface BunLoaded {
  readonly contents: string
  readonly loader: 'ts' | 'tsx' | 'js' | 'jsx'
}

/** A plugin as Bun takes it. */
export interface BunPlugin {
  readonly name: string
  setup(builder: BunPluginBuilder): void
}

/** Bun asks plugins for what they match, and takes no "not mine" for an answer: packages are left out by name. */
const MODULES = /^(?!.*[\\/]node_modules[\\/]).*\.[cm]?[jt]sx?$/

/**
 * The plugin for `Bun.build`.
 *
 * ```js
 * import catga from 'catga/bun'
 *
 * await Bun.build({ entrypoints: ['main.ts'], target: 'bun', plugins: [catga] })
 * ```
 */
const catga: BunPlugin = {
  name: 'catga',
  setup(builder) {
    const compiler = new ModuleCompiler()
    builder.onLoad({ filter: MODULES }, ({ path }) => ({ contents: compile(compiler, path), loader: loaderOf(path) }))
  },
}

function compile(compiler: ModuleCompiler, path: string): string {
  const source = readFileSync(path, 'utf8')
  const compiled = compiler.compile(source, path)
  if (compiled === undefined) return source
  const errors = compiled.diagnostics.filter(({ severity }) => severity === 'error').map((error) => describeDiagnostic(error, source))
  if (errors.length > 0) throw new SyntaxError(errors.join('\n\n'))
  for (const warning of compiled.diagnostics) process.stderr.write(`${describeDiagnostic(warning, source)}\n`)
  return compiled.code
}

function loaderOf(path: string): BunLoaded['loader'] {
  const [, language, jsx] = /\.[cm]?(ts|js)(x?)$/.exec(path) ?? []
  return language === 'js' ? (jsx === 'x' ? 'jsx' : 'js') : jsx === 'x' ? 'tsx' : 'ts'
}

const { Bun } = globalThis as { readonly Bun?: { plugin(plugin: BunPlugin): void } }
Bun?.plugin(catga)

export default catga
