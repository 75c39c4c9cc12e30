/**
 * What the plugin adds to `tspc`: a whole build of a project of 500 files of which 25 hold processes, and the rebuild of one process
 * file by a watching compiler. Beside it the same `tspc` without the plugin. After that every other host, the same way.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { Child } from './measure/child.ts'
import { compareHosts } from './hosts/compare-hosts.ts'
import { tspc } from './measure/compiled-processes.ts'
import { type Report, rounded } from './measure/figure.ts'
import { generateProject, sourceFile } from './measure/generated-project.ts'
import { median, sized } from './measure/rounds.ts'
import { TemporaryFolder } from './measure/temporary-folder.ts'

const SIZE = { files: sized(500, 20), processes: sized(25, 2) }
const BUILDS = sized(5, 1)
const EDITS = sized(11, 1)
/** Edits that are not counted: the first ones compile what the later ones reuse. */
const EARLY_EDITS = sized(2, 0)
const MOST_PERCENT = 5
const MOST_MS = 30

/** Has the compiler tell its own CPU time: on a machine that others use too, wall time says how busy they are. */
const TELL_CPU = `data:text/javascript,${encodeURIComponent("process.on('exit', () => { const { user, system } = process.cpuUsage(); console.log('cpu ' + (user + system)) })")}`

export default async function compile(report: Report): Promise<void> {
  using folder = new TemporaryFolder('compile')
  generateProject(folder.path, SIZE)
  await wholeBuilds(report, folder)
  // A compiler that watches sees every change in its folder, so each has one of its own.
  using other = new TemporaryFolder('compile')
  generateProject(other.path, SIZE)
  await rebuilds(report, folder, other)
  await compareHosts(report)
}

async function wholeBuilds(report: Report, folder: TemporaryFolder): Promise<void> {
  const plugin: number[] = []
  const plain: number[] = []
  for (let round = 0; round < BUILDS; round++) {
    const withPlugin = await build(folder.file('tsconfig.plugin.json'))
    const without = await build(folder.file('tsconfig.plain.json'))
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

async function rebuilds(report: Report, pluginFolder: TemporaryFolder, plainFolder: TemporaryFolder): Promise<void> {
  await using plugin = await Watching.begin(pluginFolder, 'tsconfig.plugin.json')
  await using plain = await Watching.begin(plainFolder, 'tsconfig.plain.json')
  const rounds: { readonly pluginMs: number; readonly plainMs: number }[] = []
  for (let round = -EARLY_EDITS; round < EDITS; round++) {
    const pluginMs = await plugin.edit(round)
    const plainMs = await plain.edit(round)
    if (round >= 0) rounds.push({ pluginMs, plainMs })
  }
  const aboveMs = median(rounds.map(({ pluginMs, plainMs }) => pluginMs - plainMs))
  report({
    name: 'compile',
    metric: 'rebuild of one process file in watch mode: the plugin adds',
    value: rounded(aboveMs),
    unit: 'ms',
    ratio: rounded(median(rounds.map(({ pluginMs, plainMs }) => pluginMs / plainMs))),
    against: `tspc without it, ${rounded(median(rounds.map(({ plainMs }) => plainMs)))} ms from saving, its 250 ms wait for more included`,
    target: `at most ${MOST_MS} ms`,
    met: aboveMs <= MOST_MS,
  })
}

/** A compiler that watches a project, and one process file of it to edit. */
class Watching implements AsyncDisposable {
  readonly #child: Child
  readonly #file: string
  readonly #source: string

  private constructor(child: Child, file: string) {
    this.#child = child
    this.#file = file
    this.#source = readFileSync(file, 'utf8')
  }

  static async begin(folder: TemporaryFolder, project: string): Promise<Watching> {
    const watching = new Watching(
      new Child([tspc(), '-p', folder.file(project), '--watch', '--preserveWatchOutput']),
      sourceFile(folder.path, 0),
    )
    await watching.#built()
    return watching
  }

  /** Milliseconds from saving the file with a change in a step's body until the compiler says it is done. */
  async edit(number: number): Promise<number> {
    const began = performance.now()
    writeFileSync(this.#file, this.#source.replace('return count * 2', `return count * ${number + 10}`))
    await this.#built()
    return performance.now() - began
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#child.kill()
  }

  #built(): Promise<string> {
    return this.#child.line((text) => text.includes('Watching for file changes'))
  }
}
