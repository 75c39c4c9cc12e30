/**
 * How users call each bundler. Every function takes `{ folder, entries, outDir, decorators, minify, bundled, plugins }` and answers
 * `{ build, watch }`: `build()` resolves to `{ errors, warnings }`, `watch(report)` calls `report` after each build with the same.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(import.meta.url)
const NODE = /^(?:node:|worker_threads$|fs$|path$|os$|crypto$)/
const CATGA = /^catga(?:$|\/)/
const DRIVERS = /^@photostructure\/sqlite$/
const external = ({ bundled, outside = [] }) => [
  NODE,
  DRIVERS,
  ...(bundled ? [] : [CATGA]),
  ...outside.map((name) => new RegExp(`^${name}$`)),
]
const inputs = ({ folder, entries }) => Object.fromEntries(entries.map((name) => [name, join(folder, `${name}.ts`)]))

const logOf = ({ message, code, pluginCode, loc, frame, id }) => ({ message, code: pluginCode ?? code, loc, frame, id })
const firstOf = (error) => logOf(error.errors?.[0] ?? error)

async function vite(options) {
  const { build } = await import('vite')
  const warnings = []
  const config = (watch) => ({
    configFile: false,
    root: options.folder,
    logLevel: 'silent',
    plugins: options.plugins,
    build: {
      watch: watch ? {} : null,
      ssr: true,
      target: 'node20',
      outDir: options.outDir,
      emptyOutDir: false,
      sourcemap: true,
      minify: options.minify,
      rolldownOptions: {
        input: inputs(options),
        external: external(options),
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
        onLog: (level, log) => level === 'warn' && warnings.push(logOf(log)),
      },
    },
    ssr: { noExternal: true },
  })
  return {
    build: () => answer(() => build(config(false)), warnings),
    async watch(report) {
      watchEvents(await build(config(true)), report, warnings)
    },
  }
}

/** Rollup has no TypeScript of its own: a plugin lowers what comes out of ours. */
function typescriptForRollup(decorators) {
  const ts = require('typescript')
  return {
    name: 'typescript',
    transform(code, fileName) {
      if (!fileName.endsWith('.ts')) return null
      const compilerOptions = { target: 'es2022', module: 'esnext', sourceMap: true, experimentalDecorators: decorators === 'legacy' }
      const { outputText, sourceMapText } = ts.transpileModule(code, { fileName, compilerOptions })
      return { code: outputText.replace(/\/\/# sourceMappingURL=.*/, ''), map: sourceMapText }
    },
  }
}

/** Rollup finds no packages by itself, and those in CommonJS are not for it. */
function nodeResolution() {
  return {
    name: 'node-resolution',
    resolveId(id, importer) {
      return /^(?:[./]|\0|node:)/.test(id) || importer === undefined ? null : createRequire(importer).resolve(id)
    },
  }
}

async function rollup(options) {
  const { rollup, watch } = await import('rollup')
  const warnings = []
  const input = {
    input: inputs(options),
    external: [...external(options), /^msgpackr$/],
    plugins: [...options.plugins, nodeResolution(), typescriptForRollup(options.decorators), options.minify && minifyWithEsbuild()],
    onLog: (level, log) => level === 'warn' && warnings.push(logOf(log)),
  }
  const output = { dir: options.outDir, format: 'es', sourcemap: true, entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' }
  return {
    build: () =>
      answer(async () => {
        const bundle = await rollup(input)
        await bundle.write(output).finally(() => bundle.close())
      }, warnings),
    async watch(report) {
      watchEvents(watch({ ...input, output }), report, warnings)
    },
  }
}

function minifyWithEsbuild() {
  return {
    name: 'minify',
    async renderChunk(code) {
      const { transform } = await import('esbuild')
      const { code: minified, map } = await transform(code, { minify: true, sourcemap: true, sourcefile: 'chunk.js' })
      return { code: minified, map }
    },
  }
}

async function rolldown(options) {
  const { rolldown, watch } = await import('rolldown')
  const warnings = []
  const input = {
    input: inputs(options),
    platform: 'node',
    external: external(options),
    plugins: options.plugins,
    onLog: (level, log) => level === 'warn' && warnings.push(logOf(log)),
  }
  const output = {
    dir: options.outDir,
    format: 'es',
    sourcemap: true,
    minify: options.minify,
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name].mjs',
  }
  return {
    build: () =>
      answer(async () => {
        const bundle = await rolldown(input)
        await bundle.write(output).finally(() => bundle.close())
      }, warnings),
    async watch(report) {
      watchEvents(watch({ ...input, output }), report, warnings)
    },
  }
}

function watchEvents(watcher, report, warnings) {
  let errors = []
  watcher.on('event', (event) => {
    if (event.code === 'START') errors = []
    if (event.code === 'ERROR') errors.push(firstOf(event.error))
    event.result?.close()
    if (event.code === 'END') report({ errors, warnings: warnings.splice(0) })
  })
}

async function answer(run, warnings) {
  try {
    await run()
    return { errors: [], warnings }
  } catch (error) {
    return { errors: [firstOf(error)], warnings }
  }
}

const swcOptions = (decorators) => ({
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: decorators === 'legacy', decoratorVersion: '2022-03' },
    keepClassNames: true,
  },
  sourceMaps: true,
})

function webpackLike(compilerOf, rule) {
  return async (options) => {
    const webpack = await compilerOf()
    const compiler = webpack({
      context: options.folder,
      mode: options.minify ? 'production' : 'none',
      target: 'node20',
      devtool: 'source-map',
      entry: inputs(options),
      output: { path: options.outDir, filename: '[name].mjs', module: true, library: { type: 'module' }, chunkFormat: 'module' },
      experiments: { outputModule: true },
      externalsType: 'module',
      externals: [({ request }, callback) => (external(options).some((one) => one.test(request)) ? callback(null, request) : callback())],
      resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
      module: {
        rules: [
          {
            oneOf: [
              { resourceQuery: /raw/, type: 'asset/source' },
              { test: /\.ts$/, use: rule(options) },
            ],
          },
        ],
      },
      optimization: { minimize: options.minify === true },
      plugins: options.plugins,
      ...(options.cache && { cache: options.cache }),
    })
    const resultOf = (stats) => {
      const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true, moduleTrace: false, errorDetails: true })
      const plain = ({ message, moduleName, moduleIdentifier, loc, file, code }) => ({
        message,
        moduleName: moduleName ?? moduleIdentifier,
        loc,
        file,
        code,
      })
      return { errors: errors.map(plain), warnings: warnings.map(plain) }
    }
    return {
      build: () =>
        new Promise((resolve, reject) => {
          compiler.run((error, stats) => compiler.close(() => (error ? reject(error) : resolve(resultOf(stats)))))
        }),
      async watch(report) {
        compiler.watch({ aggregateTimeout: 20 }, (error, stats) =>
          report(error ? { errors: [{ message: String(error) }], warnings: [] } : resultOf(stats)),
        )
      },
    }
  }
}

const loadWebpack = async () => (await import('webpack')).default

const webpackSwc = webpackLike(loadWebpack, ({ decorators }) => ({ loader: 'swc-loader', options: swcOptions(decorators) }))

const webpackTs = webpackLike(loadWebpack, ({ folder }) => ({
  loader: 'ts-loader',
  options: {
    transpileOnly: true,
    allowTsInNodeModules: true,
    configFile: join(folder, 'tsconfig.json'),
    compilerOptions: { sourceMap: true },
  },
}))

const rspack = webpackLike(
  async () => (await import('@rspack/core')).rspack,
  ({ decorators }) => ({ loader: 'builtin:swc-loader', options: swcOptions(decorators) }),
)

async function esbuild(options) {
  const { build, context } = await import('esbuild')
  const config = {
    plugins: options.plugins,
    entryPoints: inputs(options),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outdir: options.outDir,
    outExtension: { '.js': '.mjs' },
    sourcemap: true,
    keepNames: true,
    minify: options.minify === true,
    external: [...(options.bundled ? [] : ['catga', 'catga/*']), ...(options.outside ?? [])],
    logLevel: 'silent',
  }
  const plain = ({ id, text, location, pluginName }) => ({ code: id, message: text, loc: location, pluginName })
  const resultOf = ({ errors, warnings }) => ({ errors: errors.map(plain), warnings: warnings.map(plain) })
  return {
    build: () => build(config).then(resultOf, resultOf),
    async watch(report) {
      const reporter = { name: 'report', setup: ({ onEnd }) => onEnd((result) => report(resultOf(result))) }
      await (await context({ ...config, plugins: [...options.plugins, reporter] })).watch()
    },
  }
}

export const bundlerOf = { vite, rollup, rolldown, webpackSwc, webpackTs, rspack, esbuild }

/** Which plugin each of them takes. */
export const pluginOf = {
  vite: 'catga/vite',
  rollup: 'catga/rollup',
  rolldown: 'catga/rolldown',
  webpackSwc: 'catga/webpack',
  webpackTs: 'catga/webpack',
  rspack: 'catga/rspack',
  esbuild: 'catga/esbuild',
}
