/**
 * What the plugin adds to `tspc`: a whole build of a project of 500 files of which 25 hold processes, and the rebuild of one process
 * file by a watching compiler. Beside it the same `tspc` without the plugin.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { Child } from './measure/child.ts'
import { tspc } from './measure/compiled-processes.ts'
import { type Report, rounded } from './measure/figure.ts'
import { generateProject, sourceFile } from './measure/generated-project.ts'
import { median, sized } from './measure/rounds.ts'
import { TemporaryFolder } from './measure/temporary-folder.ts'

const SIZE = { files: sized(500, 20), processes: sized(25, 2) }
const BUILDS = sized(7, 1)
const EDITS = sized(15, 1)
const MOST_PERCENT = 5
const MOST_MS = 30

/** Has the compiler tell its own CPU time: on a machine that others use too, wall time says how busy they are. */
const TELL_CPU = `data:text/javascript,${encodeURIComponent("process.on('exit', () => { const { user, system } = process.cpuUsage(); console.log('cpu ' + (user + system)) })")}`

export default async function compile(report: Report): Promise<void> {
  using folder = new TemporaryFolder('compile')
  generateProject(folder.path, SIZE)
  await wholeBuilds(report, folder)
  await rebuilds(report, folder)
}

async function wholeBuilds(report: Report, folder: TemporaryFolder): Promise<void> {
  const plugin: number[] = []
  const plain: number[] = []
  for (let round = -1; round < BUILDS; round++) {
    const withPlugin = await build(folder.file('tsconfig.plugin.json'))
    const without = await build(folder.file('tsconfig.plain.json'))
    if (round < 0) continue
    plugin.push(withPlugin)
    plain.push(without)
  }
  const percent = 100 * (median(plugin.map((ms, round) => ms / plain[round]!)) - 1)
  report({
    name: 'compile',
    metric: `${SIZE.files} files, ${SIZE.processes} with processes: the plugin adds`,
    value: rounded(percent),
    unit: '%',
    ratio: rounded(1 + percent / 100),
    against: `tspc without it, ${rounded(median(plain))} ms of CPU`,
    target: `at most ${MOST_PERCENT} %`,
    met: percent <= MOST_PERCENT,
  })
}

/** Milliseconds of CPU time of one build from nothing. */
async function build(project: string): Promise<number> {
  await using child = new Child(['--import', TELL_CPU, tspc(), '-p', project])
  const line = await child.line((text) => text.startsWith('cpu '))
  await child.end()
  return Number(line.slice(4)) / 1000
}

async function rebuilds(report: Report, folder: TemporaryFolder): Promise<void> {
  const plugin = await timeEdits(folder, 'tsconfig.plugin.json')
  const plain = await timeEdits(folder, 'tsconfig.plain.json')
  const second = { plugin: await timeEdits(folder, 'tsconfig.plugin.json'), plain: await timeEdits(folder, 'tsconfig.plain.json') }
  const pluginMs = median([...plugin, ...second.plugin])
  const plainMs = median([...plain, ...second.plain])
  const aboveMs = pluginMs - plainMs
  report({
    name: 'compile',
    metric: 'rebuild of one process file in watch mode: the plugin adds',
    value: rounded(aboveMs),
    unit: 'ms',
    ratio: rounded(pluginMs / plainMs),
    against: `tspc without it, ${rounded(plainMs)} ms from saving, its 250 ms wait for more included`,
    target: `at most ${MOST_MS} ms`,
    met: aboveMs <= MOST_MS,
  })
}

/** Milliseconds from saving a process file until the watching compiler says it is done, one number for each edit. */
async function timeEdits(folder: TemporaryFolder, project: string): Promise<readonly number[]> {
  await using child = new Child([tspc(), '-p', folder.file(project), '--watch', '--preserveWatchOutput'])
  const settled = (): Promise<string> => child.line((text) => text.includes('Watching for file changes'))
  await settled()
  const file = sourceFile(folder.path, 0)
  const source = readFileSync(file, 'utf8')
  const times: number[] = []
  for (let edit = -2; edit < EDITS; edit++) {
    const began = performance.now()
    writeFileSync(file, source.replace('return count * 2', `return count * ${edit + 10}`))
    await settled()
    if (edit >= 0) times.push(performance.now() - began)
  }
  writeFileSync(file, source)
  return times
}
