/**
 * What the compiler adds to every other host: a whole build of a project of which one file in twenty holds a process, by the same
 * tool with it and without, in turn. Wall time of the OS process that builds, its start included.
 */
import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Child } from '../measure/child.ts'
import { type Report, rounded } from '../measure/figure.ts'
import { generateProject, sourceFile } from '../measure/generated-project.ts'
import { median, sized } from '../measure/rounds.ts'
import { TemporaryFolder } from '../measure/temporary-folder.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const tools = join(root, 'e2e', 'tools', 'node_modules')

const FILES = sized(2000, 40)
const PROCESSES = FILES / 20
const ROUNDS = sized(3, 1)
const MOST_PERCENT = 5
const MOST_TIMES = 1.3

type Side = 'with' | 'without'

interface Host {
  readonly name: string
  /** Arguments of `node` for one build. */
  readonly args: (folder: string, side: Side) => readonly string[]
  readonly target: 'percent' | 'times'
}

const BUNDLERS = ['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild']

const HOSTS: readonly Host[] = [
  ...BUNDLERS.map((name): Host => ({
    name,
    args: (folder, side) => [join(root, 'bench', 'hosts', 'bundlers.mjs'), name, folder, join(folder, `out-${name}-${side}`), side],
    target: 'percent',
  })),
  {
    name: 'catga build --swc',
    args: (_folder, side) => [
      ...(side === 'with' ? [join(root, 'dist', 'cli', 'main.js'), 'build', '--swc'] : [join(tools, '@swc', 'cli', 'bin', 'swc.js')]),
      'src',
      '-d',
      `out-swc-${side}`,
    ],
    target: 'times',
  },
  {
    name: 'catga build --tsc7',
    args: (_folder, side) => [
      ...(side === 'with' ? [join(root, 'dist', 'cli', 'main.js'), 'build', '--tsc7'] : [join(tools, 'typescript7', 'bin', 'tsc')]),
      '-p',
      'tsconfig.plain.json',
    ],
    target: 'percent',
  },
  {
    name: 'tsx and catga/register',
    args: (folder, side) => [
      '--import',
      join(tools, 'tsx', 'dist', 'loader.mjs'),
      ...(side === 'with' ? ['--import', 'catga/register'] : []),
      join(folder, 'src', 'index.ts'),
    ],
    target: 'percent',
  },
]

export async function compareHosts(report: Report): Promise<void> {
  using folder = new TemporaryFolder('hosts')
  generateProject(folder.path, { files: FILES, processes: PROCESSES })
  const all = Array.from({ length: FILES }, (_, index) => `export * from './file-${index}.js'\n`)
  writeFileSync(join(folder.path, 'src', 'index.ts'), all.join(''))
  writeFileSync(folder.file('.swcrc'), JSON.stringify(SWC))
  mkdirSync(join(folder.path, 'node_modules', '@swc'))
  for (const [name, installed = name] of [['tsx'], ['esbuild'], ['@swc/core'], ['typescript', 'typescript7']] as const)
    symlinkSync(join(tools, installed), join(folder.path, 'node_modules', name), 'junction')
  const megabytes = Array.from({ length: FILES }, (_, index) => statSync(sourceFile(folder.path, index)).size).reduce((a, b) => a + b) / 1e6
  for (const host of HOSTS) await compare(report, folder.path, host, megabytes)
}

const SWC = {
  jsc: { parser: { syntax: 'typescript', decorators: true }, target: 'es2022', transform: { decoratorVersion: '2022-03' } },
  sourceMaps: true,
}

async function compare(report: Report, folder: string, { name, args, target }: Host, megabytes: number): Promise<void> {
  const rounds: { readonly withMs: number; readonly withoutMs: number }[] = []
  for (let round = -1; round < ROUNDS; round++) {
    const first: Side = round % 2 === 0 ? 'with' : 'without'
    const firstMs = await build(folder, args(folder, first))
    const secondMs = await build(folder, args(folder, first === 'with' ? 'without' : 'with'))
    if (round < 0) continue
    rounds.push(first === 'with' ? { withMs: firstMs, withoutMs: secondMs } : { withMs: secondMs, withoutMs: firstMs })
  }
  const ratio = median(rounds.map(({ withMs, withoutMs }) => withMs / withoutMs))
  const withMs = median(rounds.map((round) => round.withMs))
  const withoutMs = median(rounds.map((round) => round.withoutMs))
  const against = `the same without it: ${rounded(withoutMs)} ms, ${rounded(withoutMs / FILES)} ms a file, ${rounded(withoutMs / megabytes)} ms a MB`
  const common = { name: 'compile', ratio: rounded(ratio), against }
  if (target === 'percent') {
    const percent = 100 * (ratio - 1)
    const met = percent <= MOST_PERCENT
    report({ ...common, metric: `${name}: adds`, value: rounded(percent), unit: '%', target: `at most ${MOST_PERCENT} %`, met })
  } else {
    const met = ratio <= MOST_TIMES
    const metric = `${name}, ${FILES} files: times swc alone`
    report({ ...common, metric, value: rounded(ratio), unit: 'x', target: `at most ${MOST_TIMES} times`, met })
  }
  report({ ...common, metric: `${name}: a file`, value: rounded(withMs / FILES), unit: 'ms' })
  report({ ...common, metric: `${name}: a MB`, value: rounded(withMs / megabytes), unit: 'ms' })
}

/** Milliseconds of one build. */
async function build(folder: string, args: readonly string[]): Promise<number> {
  const began = performance.now()
  await using child = new Child(args, folder)
  await child.end()
  return performance.now() - began
}
