/**
 * Builds a generated project with one bundler, as its users configure it for a program on Node: packages stay imports, TypeScript is
 * lowered by what the bundler brings, else by the loader that people use.
 *
 *   node bundlers.mjs <bundler> <folder> <output folder> with|without
 */
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const tools = createRequire(join(root, 'e2e', 'tools', 'package.json'))

/** @typedef {{ folder: string, outDir: string, withCatga: boolean, entry: string }} Build */

/** @type {Record<string, (build: Build) => Promise<unknown>>} */
const bundlers = { esbuild, rollup, rolldown, vite, webpack, rspack }

const SWC = {
  swcrc: false,
  jsc: { parser: { syntax: 'typescript', decorators: true }, target: 'es2022', transform: { decoratorVersion: '2022-03' } },
}

const external = (/** @type {string} */ id) => /^catga(?:\/|$)/.test(id)

const [name, folder, outDir, side] = process.argv.slice(2)
await bundlers[name]({ folder, outDir, withCatga: side === 'with', entry: join(folder, 'src', 'index.ts') })

/** @param {Build} build */
async function esbuild({ folder, outDir, withCatga, entry }) {
  const { build } = await tool('esbuild')
  const common = { bundle: true, platform: 'node', target: 'node20', format: 'esm', sourcemap: true }
  await build({
    ...common,
    absWorkingDir: folder,
    entryPoints: [entry],
    external: ['catga'],
    outdir: outDir,
    plugins: await plugins('esbuild', withCatga),
  })
}

/** @param {Build} build */
async function rollup({ outDir, withCatga, entry }) {
  const { rollup } = await tool('rollup')
  const bundle = await rollup({ input: entry, external, plugins: [...(await plugins('rollup', withCatga)), await lowerWithSwc()] })
  await bundle.write({ dir: outDir, sourcemap: true })
}

/** Rollup brings no TypeScript. */
async function lowerWithSwc() {
  const swc = await tool('@swc/core')
  return {
    name: 'swc',
    resolveId: (/** @type {string} */ id, /** @type {string | undefined} */ from) =>
      id.startsWith('.') && from !== undefined ? join(dirname(from), id.replace(/\.js$/, '.ts')) : null,
    transform: (/** @type {string} */ code, /** @type {string} */ filename) =>
      extname(filename) === '.ts' ? swc.transform(code, { filename, ...SWC, sourceMaps: true }) : null,
  }
}

/** @param {Build} build */
async function rolldown({ outDir, withCatga, entry }) {
  const { build } = await tool('rolldown')
  await build({
    input: entry,
    external,
    platform: 'node',
    resolve: { extensionAlias: { '.js': ['.ts'] } },
    plugins: await plugins('rolldown', withCatga),
    output: { dir: outDir, sourcemap: true },
  })
}

/** @param {Build} build */
async function vite({ folder, outDir, withCatga, entry }) {
  const { build } = await tool('vite')
  await build({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    plugins: await plugins('vite', withCatga),
    build: { ssr: entry, outDir, sourcemap: true, minify: false, emptyOutDir: true },
  })
}

/** @param {Build} build */
async function webpack(build) {
  const { default: webpack } = await tool('webpack')
  await run(webpack, await webpackOptions(build, 'webpack', { loader: tools.resolve('swc-loader'), options: SWC }))
}

/** @param {Build} build */
async function rspack(build) {
  const { rspack } = await tool('@rspack/core')
  await run(rspack, await webpackOptions(build, 'rspack', { loader: 'builtin:swc-loader', options: SWC }))
}

/** @param {Build} build @param {string} name @param {object} loader */
async function webpackOptions({ folder, outDir, withCatga, entry }, name, loader) {
  return {
    context: folder,
    entry,
    mode: 'production',
    target: 'node20',
    devtool: 'source-map',
    cache: false,
    optimization: { minimize: false },
    externals: /^catga(?:\/|$)/,
    externalsType: 'module',
    experiments: { outputModule: true },
    output: { path: outDir, module: true, library: { type: 'module' } },
    resolve: { extensionAlias: { '.js': ['.ts'] } },
    module: { rules: [{ test: /\.ts$/, use: [loader] }] },
    plugins: await plugins(name, withCatga),
  }
}

/** @param {(options: object, done: (error: Error | null, stats: { hasErrors(): boolean, toString(): string }) => void) => unknown} bundler @param {object} options */
function run(bundler, options) {
  return new Promise((resolve, reject) => {
    bundler(options, (error, stats) => {
      if (error) reject(error)
      else if (stats.hasErrors()) reject(new Error(stats.toString()))
      else resolve(undefined)
    })
  })
}

/** @param {string} bundler @param {boolean} withCatga */
async function plugins(bundler, withCatga) {
  return withCatga ? [(await import(`catga/${bundler}`)).default()] : []
}

/** @param {string} name a tool that the package is tested with */
async function tool(name) {
  return import(pathToFileURL(tools.resolve(name)).href)
}
