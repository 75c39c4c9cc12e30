import { expect, test } from 'vitest'
import { HostProject } from '../../support/host-project.ts'

const BUNDLERS = ['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild'] as const
const OPTIONS = `{ root: '.', decorators: 'legacy', include: /\\.process\\.ts$/ }`

/** What `tsc` says of a file, declarations of packages included where asked. */
async function typesOf(tools: readonly string[], source: string, skipLibCheck: boolean): Promise<string> {
  using project = await HostProject.create({ tools: ['typescript', ...tools] })
  const compilerOptions = {
    target: 'ES2022',
    module: 'NodeNext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    types: ['node'],
    skipLibCheck,
  }
  project.write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['config.ts'] }))
  project.write('config.ts', source)
  const { output } = await project.run([project.command('typescript', 'tsc'), '-p', '.'])
  return output
}

test('types of the plugins ask for no bundler, and refuse what is no option', async () => {
  const uses = BUNDLERS.map((name) => `import ${name} from 'catga/${name}'\nexport const ${name}Plugin = ${name}(${OPTIONS})`)
  const output = await typesOf([], [...uses, `vite({ decorators: 'new' })`].join('\n'), false)
  expect(output).toMatch(/^config\.ts\(13,8\): error TS2322: Type '"new"' is not assignable to type '"standard" \| "legacy"/)
  expect(output.match(/error TS/g)).toHaveLength(1)
})

test('esbuild and Rollup take them with all declarations checked', async () => {
  const source = `import esbuildPlugin from 'catga/esbuild'
import rollupPlugin from 'catga/rollup'
import type { BuildOptions } from 'esbuild'
import type { RollupOptions } from 'rollup'
export const esbuild: BuildOptions = { plugins: [esbuildPlugin()] }
export const rollup: RollupOptions = { plugins: [rollupPlugin()] }
`
  expect(await typesOf(['esbuild', 'rollup'], source, false)).toBe('')
})

test('Vite, Rolldown, webpack and Rspack take them', async () => {
  const source = `import rolldownPlugin from 'catga/rolldown'
import rspackPlugin from 'catga/rspack'
import vitePlugin from 'catga/vite'
import webpackPlugin from 'catga/webpack'
import type { Configuration as RspackConfiguration } from '@rspack/core'
import type { InputOptions } from 'rolldown'
import { defineConfig } from 'vite'
import type { Configuration } from 'webpack'
export const rolldown: InputOptions = { plugins: [rolldownPlugin()] }
export const rspack: RspackConfiguration = { plugins: [rspackPlugin()] }
export const vite = defineConfig({ plugins: [vitePlugin()] })
export const webpack: Configuration = { plugins: [webpackPlugin()] }
`
  expect(await typesOf(['@rspack/core', 'rolldown', 'vite', 'webpack'], source, true)).toBe('')
})
