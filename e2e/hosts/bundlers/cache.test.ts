import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BundlerProject } from './bundler-project.ts'
import { HELPER, PROCESS } from './greeting.ts'

let project: BundlerProject
beforeAll(async () => {
  project = await BundlerProject.create()
}, 180_000)
afterAll(() => project?.[Symbol.dispose](), 60_000)

const CACHES = {
  webpackSwc: (directory: string) => ({ type: 'filesystem', cacheDirectory: directory }),
  rspack: (directory: string) => ({ type: 'persistent', storage: { type: 'filesystem', directory } }),
}

describe.each(['webpackSwc', 'rspack'] as const)('the cache of %s on disk', (bundler) => {
  const folder = `cached-${bundler}`
  const build = async (): Promise<string> => {
    const cache = CACHES[bundler](project.host.file(`cache-${bundler}`))
    const built = await project.build(bundler, [{ name: folder, entries: ['main'], folder, cache }])
    return JSON.stringify(built.get(folder)?.errors.map(({ message }) => message))
  }
  const writeBase = (experimentalDecorators: boolean): void =>
    project.host.write(`${folder}/base.json`, JSON.stringify({ compilerOptions: { experimentalDecorators } }))

  test('gives nothing stale: options that a tsconfig.json extends, errors, and another version', async () => {
    project.host.write(`${folder}/tsconfig.json`, JSON.stringify({ extends: './base.json' }))
    project.host.write(`${folder}/main.ts`, `export { Greeting } from './greeting.process.ts'\n`)
    project.host.write(`${folder}/helper.ts`, HELPER)
    project.host.write(`${folder}/greeting.process.ts`, PROCESS)
    writeBase(false)
    expect(await build()).toBe('[]')

    // Legacy decorators cannot be on #private methods.
    writeBase(true)
    expect(await build()).toContain('CATGA118')
    expect(await build()).toContain('CATGA118')
    writeBase(false)
    expect(await build()).toBe('[]')

    const file = 'node_modules/catga/dist/transformer/hosts/compiler-version.js'
    const source = project.host.read(file)
    project.host.write(file, source.replace("'0.1.0'", "'0.9.9'"))
    expect(await build()).toBe('[]')
    project.host.write(file, source)
    expect(project.host.read(`out/${folder}/main.mjs`)).toContain('0.9.9+')
  })
})

const LOADER_BUILDS = `import { writeFileSync } from 'node:fs'
import { rspack } from '@rspack/core'
const compiler = rspack({
  context: import.meta.dirname,
  mode: 'none',
  entry: './main.ts',
  externals: /^catga/,
  output: { path: import.meta.dirname },
  module: {
    rules: [
      { test: /\\.ts$/, enforce: 'pre', use: 'catga/loader' },
      { test: /\\.ts$/, loader: 'builtin:swc-loader', options: { jsc: { parser: { syntax: 'typescript', decorators: true } } } },
    ],
  },
})
for (const experimentalDecorators of [false, true]) {
  writeFileSync('base.json', JSON.stringify({ compilerOptions: { experimentalDecorators } }))
  const stats = await new Promise((resolve, reject) => compiler.run((error, stats) => (error ? reject(error) : resolve(stats))))
  console.log(experimentalDecorators, stats.toJson({ all: false, errors: true }).errors.map(({ message }) => /CATGA\\d+/.exec(message)?.[0]).join())
}
compiler.close(() => {})
`

test('catga/loader looks at the options of the project in each build', async () => {
  const folder = 'cached-loader'
  project.host.write(`${folder}/tsconfig.json`, JSON.stringify({ extends: './base.json' }))
  project.host.write(`${folder}/main.ts`, `export { Greeting } from './greeting.process.ts'\n`)
  project.host.write(`${folder}/helper.ts`, HELPER)
  project.host.write(`${folder}/greeting.process.ts`, PROCESS)
  project.host.write(`${folder}/build.mjs`, LOADER_BUILDS.replaceAll('import.meta.dirname', JSON.stringify(project.host.file(folder))))
  const { output } = await project.host.run(['build.mjs'], { cwd: project.host.file(folder) })
  expect(output).toBe('false \ntrue CATGA118')
})
