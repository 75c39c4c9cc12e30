import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { TemporaryFolder } from '../../e2e/support/temporary-folder.ts'
import { VERSION } from '../../transformer/index.ts'
import { diagnose } from './diagnose.ts'
import type { Finding } from './finding.ts'

/** Text as it is, anything else as JSON; undefined leaves a file of the base out. */
type Files = Readonly<Record<string, unknown>>

const PROCESS = `import { CatgaProcess, ProcessStep } from 'catga'
@CatgaProcess()
export class OrderProcess {
  async execute(id: string): Promise<string> {
    return this.ship(id)
  }
  @ProcessStep()
  async ship(id: string): Promise<string> {
    return id
  }
}
`
const PLUGIN = { transform: 'catga/transformer' }
const OPTIONS = { module: 'NodeNext', target: 'ES2022', sourceMap: true, outDir: 'dist', rootDir: 'src' }
const installed = (name: string, version: string): Files => ({ [`node_modules/${name}/package.json`]: { name, version } })
const config = (text: string): string => `import catga from 'catga/${text}'\nexport default { plugins: [catga()] }\n`
const manifest = (scripts: Files = {}, more: Files = {}): Files => ({
  'package.json': { name: 'orders', type: 'module', scripts, ...more },
})
const tsconfig = (compilerOptions: Files = {}, more: Files = {}): Files => ({
  'tsconfig.json': { compilerOptions: { ...OPTIONS, ...compilerOptions }, include: ['src'], ...more },
})

const SOURCES: Files = {
  'src/order.process.ts': PROCESS,
  'src/main.ts': `import { OrderProcess } from './order.process.js'\nconsole.log(OrderProcess)\n`,
  'src/alone.ts': 'export const alone = 1\n',
  ...installed('catga', '0.1.0'),
}
/** Built by tspc, nothing wrong. */
const TSPC: Files = {
  ...SOURCES,
  ...manifest({ build: 'tspc -p .', check: 'tspc --noEmit' }),
  ...tsconfig({ plugins: [PLUGIN] }),
  ...installed('typescript', '6.0.3'),
  ...installed('ts-patch', '4.0.1'),
}
const VITE: Files = {
  ...SOURCES,
  ...manifest({ build: 'vite build', types: 'tsc --noEmit' }),
  ...tsconfig(),
  'vite.config.ts': config('vite'),
}

function findings(files: Files, node = '24.4.0'): readonly Finding[] {
  using folder = new TemporaryFolder('doctor')
  for (const [name, content] of Object.entries(files)) {
    if (content === undefined) continue
    mkdirSync(dirname(folder.file(name)), { recursive: true })
    writeFileSync(folder.file(name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return diagnose(folder.path, node).findings
}

const clean: Readonly<Record<string, Files>> = {
  tspc: TSPC,
  'tspc, and a build folder of its own': {
    ...TSPC,
    'dist/order.process.js': `import * as $catga from 'catga/emitted'\nconst $m = { abi: 1, compiler: '${VERSION}' }\n`,
  },
  'tspc with tests that meet no process': {
    ...TSPC,
    'vitest.config.ts': 'export default {}\n',
    'src/alone.test.ts': `import { alone } from './alone.ts'\nalone\n`,
  },
  'tspc, and Vite for a page': {
    ...TSPC,
    'vite.config.ts': 'export default {}\n',
    'index.html': '<script type="module" src="/src/alone.ts"></script>',
  },
  'tspc on TypeScript 5': { ...TSPC, ...installed('typescript', '5.9.3'), ...installed('ts-patch', '3.3.0') },
  'tsc, patched for good': { ...TSPC, ...manifest({ prepare: 'ts-patch install -s', build: 'tsc' }) },
  Vite: VITE,
  'Vite and Vitest': {
    ...VITE,
    'vitest.config.ts': `import base from './vite.config.ts'\nexport default base\n`,
    'src/order.test.ts': `import './order.process.ts'\n`,
  },
  Rollup: { ...SOURCES, ...manifest({ build: 'rollup -c' }), 'rollup.config.mjs': config('rollup') },
  Rolldown: { ...SOURCES, ...manifest({ build: 'rolldown -c' }), 'rolldown.config.mjs': config('rolldown') },
  webpack: { ...SOURCES, ...manifest({ build: 'webpack' }), 'webpack.config.js': config('webpack') },
  Rspack: { ...SOURCES, ...manifest({ build: 'rspack build' }), 'rspack.config.mjs': config('rspack') },
  esbuild: { ...SOURCES, ...manifest({ build: 'node build.mjs' }), 'build.mjs': `import { build } from 'esbuild'\n${config('esbuild')}` },
  swc: {
    ...SOURCES,
    ...manifest({ build: 'catga build --swc src -d dist', types: 'tsc --emitDeclarationOnly' }),
    ...tsconfig({ experimentalDecorators: true, emitDecoratorMetadata: true }),
    '.swcrc': { sourceMaps: true, jsc: { transform: { legacyDecorator: true, decoratorMetadata: true } } },
  },
  Node: {
    ...SOURCES,
    ...installed('esbuild', '0.28.2'),
    ...manifest({ start: 'node --import catga/register src/main.ts', gen: 'node src/alone.ts' }),
  },
  tsx: {
    ...SOURCES,
    ...installed('tsx', '4.23.15'),
    ...manifest({ start: 'tsx --import catga/register src/main.ts', gen: 'tsx src/alone.ts' }),
  },
  'catga run': { ...SOURCES, ...installed('@swc/core', '1.16.22'), ...manifest({ start: 'catga run src/main.ts' }) },
  'TypeScript 7': {
    ...SOURCES,
    ...manifest({ build: 'catga build --tsc7', check: 'tsc --noEmit' }),
    ...tsconfig(),
    ...installed('typescript', '7.0.2'),
  },
  Nest: { ...SOURCES, ...manifest({ build: 'nest build' }), 'nest-cli.json': { compilerOptions: { plugins: ['catga/nest'] } } },
  'Nest with swc': {
    ...SOURCES,
    ...manifest({ build: 'node --import catga/swc/patch node_modules/@nestjs/cli/bin/nest.js build' }),
    'nest-cli.json': { compilerOptions: { builder: 'swc' } },
  },
  'Nest with swc, by NODE_OPTIONS': {
    ...SOURCES,
    ...manifest({ build: 'NODE_OPTIONS="--import catga/swc/patch" npx nest build' }),
    'nest-cli.json': {},
  },
  '@swc/cli, patched': { ...SOURCES, ...manifest({ build: 'NODE_OPTIONS="--import catga/swc/patch" swc src -d dist' }) },
  Deno: {
    ...SOURCES,
    ...manifest({ build: 'catga build --swc src -d dist -s', start: 'deno run --allow-all dist/main.js' }),
  },
  Jest: {
    ...VITE,
    'jest.config.mjs': `export default { transform: { ts: ['catga/jest', {}] } }`,
    'src/order.test.ts': `import './order.process.ts'\n`,
  },
  'Next.js': { ...SOURCES, ...manifest({ build: 'next build' }), 'next.config.mjs': config('webpack') },
  Bun: { ...SOURCES, ...manifest({ start: 'bun src/main.ts' }), 'bunfig.toml': 'preload = ["catga/bun"]\n' },
  workspaces: {
    ...manifest({}, { workspaces: ['packages/*'] }),
    ...installed('catga', '0.1.0'),
    'packages/orders/package.json': { name: '@shop/orders', type: 'module' },
    'packages/orders/src/order.process.ts': PROCESS,
    'packages/api/package.json': { name: '@shop/api', type: 'module' },
    'packages/api/vite.config.ts': config('vite'),
  },
  'a project without processes': {
    ...manifest({ build: 'tsc' }),
    ...tsconfig(),
    'src/alone.ts': 'export {}\n',
    'vite.config.ts': 'export default {}\n',
  },
}

test.each(Object.entries(clean))('finds nothing wrong with %s', (_, files) => {
  expect(findings(files)).toEqual([])
})

interface Broken {
  readonly code: string
  readonly place: string
  readonly files: Files
  readonly severity?: 'warning'
  readonly node?: string
}

const NODE20 = '20.20.0'
const broken: readonly Broken[] = [
  { code: 'unreadable-file', place: 'tsconfig.json', files: { ...VITE, 'tsconfig.json': '{ "extends": "./nowhere.json" }' } },
  { code: 'unreadable-file', place: 'package.json', files: { ...VITE, 'package.json': '{ "name": ' } },
  { code: 'plugin-twice', place: 'tsconfig.json', files: { ...TSPC, ...tsconfig({ plugins: [PLUGIN, { name: 'other' }, PLUGIN] }) } },
  { code: 'plugin-missing', place: 'package.json: scripts.build', files: { ...TSPC, ...manifest({ build: 'tspc -p .' }), ...tsconfig() } },
  {
    code: 'transform-program-missing',
    place: 'tsconfig.json',
    files: { ...TSPC, ...tsconfig({ plugins: [PLUGIN], noEmit: true, incremental: true }) },
  },
  {
    code: 'transform-program-missing',
    place: 'package.json: scripts.check',
    files: { ...TSPC, ...manifest({ check: 'tspc --noEmit --watch' }) },
  },
  {
    code: 'source-maps-off',
    place: 'tsconfig.json',
    severity: 'warning',
    files: { ...TSPC, ...tsconfig({ plugins: [PLUGIN], sourceMap: false }) },
  },
  {
    code: 'source-maps-off',
    place: 'package.json: scripts.build',
    severity: 'warning',
    files: { ...SOURCES, ...manifest({ build: 'catga build --swc src -d dist' }) },
  },
  {
    code: 'source-maps-off',
    place: 'package.json: scripts.build',
    severity: 'warning',
    files: { ...SOURCES, ...manifest({ build: 'catga build --tsc7' }), ...tsconfig({ sourceMap: false }) },
  },
  { code: 'typescript-without-plugins', place: 'tsconfig.json', files: { ...TSPC, ...installed('typescript', '7.0.2') } },
  { code: 'typescript-too-old', place: 'tsconfig.json', files: { ...TSPC, ...installed('typescript', '5.4.5') } },
  { code: 'ts-patch-mismatch', place: 'tsconfig.json', files: { ...TSPC, ...installed('ts-patch', '3.3.0') } },
  { code: 'ts-patch-missing', place: 'tsconfig.json', files: { ...TSPC, ...manifest(), 'node_modules/ts-patch/package.json': undefined } },
  {
    code: 'ts-patch-engine',
    place: 'package.json: scripts.build',
    severity: 'warning',
    node: NODE20,
    files: { ...TSPC, ...manifest({ build: 'tspc -p .' }) },
  },
  {
    code: 'module-cannot-import',
    place: 'tsconfig.json',
    files: { ...TSPC, ...manifest({}, { type: 'commonjs' }), ...tsconfig({ plugins: [PLUGIN], module: 'Node16' }) },
  },
  { code: 'module-cannot-import', place: 'tsconfig.json', files: { ...TSPC, ...tsconfig({ plugins: [PLUGIN], module: 'amd' }) } },
  {
    code: 'module-resolution-without-exports',
    place: 'tsconfig.json',
    files: { ...TSPC, ...tsconfig({ plugins: [PLUGIN], module: 'commonjs', moduleResolution: 'node' }) },
  },
  { code: 'decorators-differ', place: '.swcrc', files: { ...(clean['swc'] as Files), '.swcrc': { sourceMaps: true } } },
  {
    code: 'decorator-metadata-differs',
    place: '.swcrc',
    files: { ...(clean['swc'] as Files), '.swcrc': { sourceMaps: true, jsc: { transform: { legacyDecorator: true } } } },
  },
  {
    code: 'decorator-metadata-lost',
    place: 'build.mjs',
    severity: 'warning',
    files: { ...(clean['esbuild'] as Files), ...tsconfig({ experimentalDecorators: true, emitDecoratorMetadata: true }) },
  },
  {
    code: 'decorators-differ',
    place: 'package.json: scripts.build',
    files: {
      ...VITE,
      ...manifest({ build: 'esbuild src/alone.ts --tsconfig=tsconfig.old.json' }),
      'tsconfig.old.json': { compilerOptions: { experimentalDecorators: true } },
    },
  },
  {
    code: 'script-uncompiled',
    place: 'package.json: scripts.build',
    files: { ...TSPC, ...manifest({ build: 'rimraf dist && npx tsc -p tsconfig.json' }) },
  },
  { code: 'script-uncompiled', place: 'package.json: scripts.build', files: { ...VITE, ...manifest({ build: 'swc src -d dist' }) } },
  {
    code: 'script-uncompiled',
    place: 'package.json: scripts.build',
    files: { ...VITE, ...manifest({ build: 'esbuild src/main.ts --bundle --outdir=dist' }) },
  },
  {
    code: 'script-uncompiled',
    place: 'package.json: scripts.start',
    files: { ...VITE, ...manifest({ start: 'NODE_ENV=test tsx src/main.ts' }) },
  },
  {
    code: 'lowering-tool-missing',
    place: 'package.json: scripts.start',
    files: { ...SOURCES, ...manifest({ start: 'node --import catga/register src/main.ts' }), ...installed('typescript', '7.0.2') },
  },
  {
    code: 'script-uncompiled',
    place: 'package.json: scripts.start',
    files: { ...VITE, ...manifest({ start: 'deno run -A src/main.ts' }) },
  },
  { code: 'nothing-compiles', place: 'src/order.process.ts', files: { ...SOURCES, ...manifest({ start: 'node dist/main.js' }) } },
  {
    code: 'output-uncompiled',
    place: 'dist/order.process.js',
    files: { ...TSPC, 'dist/order.process.js': `import { CatgaProcess } from 'catga'\nx = __decorate([CatgaProcess()], x)\n` },
  },
  {
    code: 'output-stale',
    place: 'dist',
    files: { ...TSPC, 'dist/order.process.js': `import * as $catga from 'catga/emitted'\nconst $m = { abi: 1, compiler: '0.0.9+1234' }\n` },
  },
  {
    code: 'CATGA110',
    place: 'src/order.process.ts:5:5',
    files: { ...TSPC, 'src/order.process.ts': PROCESS.replace('return this', `this`).replace('(id)\n', `(id)\n    return ''\n`) },
  },
  { code: 'node-unsupported', place: '.', node: '20.10.0', files: VITE },
  {
    code: 'sqlite-driver-missing',
    place: 'src/main.ts',
    node: NODE20,
    files: { ...VITE, 'src/main.ts': `import { sqliteJournal } from 'catga/sqlite'\n` },
  },
  {
    code: 'node-sqlite-missing',
    place: 'src/main.ts',
    node: NODE20,
    files: { ...VITE, 'src/main.ts': `import { DatabaseSync } from 'node:sqlite'\n` },
  },
  { code: 'catga-missing', place: '.', files: { ...VITE, 'node_modules/catga/package.json': undefined } },
  {
    code: 'two-copies',
    place: 'node_modules/catga, node_modules/lib/node_modules/catga',
    files: { ...VITE, ...installed('lib/node_modules/catga', '0.0.9') },
  },
  {
    code: 'two-copies',
    place: 'node_modules/catga, node_modules/.pnpm/catga@0.0.9/node_modules/catga',
    files: { ...VITE, ...installed('.pnpm/catga@0.0.9/node_modules/catga', '0.0.9') },
  },
]

test.each(broken)('finds $code at $place', ({ code, place, files, severity = 'error', node }) => {
  const found = findings(files, node).map((finding) => [finding.code, finding.severity, finding.place])
  expect(found).toEqual([[code, severity, place]])
})

describe('tools that know nothing of Catga', () => {
  test.each([
    ['Vite', 'vite.config.mts'],
    ['Rollup', 'rollup.config.js'],
    ['Rolldown', 'rolldown.config.ts'],
    ['webpack', 'webpack.config.cjs'],
    ['Rspack', 'rspack.config.mjs'],
    ['esbuild', 'esbuild.config.mjs'],
    ['Next.js', 'next.config.mjs'],
    ["Nest's CLI", 'nest-cli.json'],
  ])('%s', (tool, file) => {
    const [finding, ...others] = findings({ ...SOURCES, ...manifest(), [file]: '{}' })
    expect(finding).toMatchObject({
      code: 'host-unaware',
      severity: 'error',
      place: file,
      message: expect.stringContaining(`${tool} reads`) as string,
    })
    expect(others).toEqual([])
  })

  test.each([
    ['vitest.config.ts', {}],
    ['jest.config.js', {}],
    ['package.json', manifest({}, { jest: { preset: 'ts-jest' } })],
  ])('%s, where a test meets a process', (file, files) => {
    const found = findings({ ...TSPC, ...manifest(), [file]: 'export default {}\n', ...files, 'src/a.test.ts': `import './main.js'\n` })
    expect(found.map(({ code, severity, place }) => [code, severity, place])).toEqual([['host-unaware', 'warning', file]])
  })
})

test('a copy that several packages link to is one', () => {
  using folder = new TemporaryFolder('doctor')
  for (const name of ['node_modules/catga', 'packages/api/node_modules', 'packages/api/src'])
    mkdirSync(folder.file(name), { recursive: true })
  writeFileSync(folder.file('node_modules/catga/package.json'), '{ "version": "0.1.0" }')
  writeFileSync(folder.file('packages/api/package.json'), '{}')
  symlinkSync(folder.file('node_modules/catga'), folder.file('packages/api/node_modules/catga'), 'junction')
  expect(diagnose(folder.path, '24.4.0').findings).toEqual([])
})
