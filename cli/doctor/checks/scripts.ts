/** Scripts of `package.json` that would emit or run processes as they are. */
import { dirname, join, resolve } from 'node:path'
import { createFilesMatcher } from 'get-tsconfig'
import type { Finding } from '../finding.ts'
import { anyCompiles, hasProcesses, mentionsCatga, pluginEntries } from '../hosts.ts'
import type { InspectedPackage, InspectedProject, Tsconfig } from '../inspected-project.ts'
import { installedVersion, isOlder, majorOf } from '../installed.ts'
import { jsonOf, valueAt } from '../read-file.ts'
import { optionValue, type ScriptCommand, scriptCommands } from '../scripts.ts'
import { SourceGraph } from '../source-graph.ts'

type Advice = Omit<Finding, 'place'>

interface Script {
  readonly command: ScriptCommand
  readonly inspected: InspectedPackage
  readonly graph: SourceGraph
  readonly nodeVersion: string
}

export function checkScripts(project: InspectedProject, nodeVersion: string): readonly Finding[] {
  if (!hasProcesses(project)) return []
  const graph = new SourceGraph(project)
  return project.packages.flatMap((inspected) =>
    scriptCommands(inspected.manifest).flatMap((command) => {
      const place = `${project.show(join(inspected.folder, 'package.json'))}: ${command.script}`
      return [...adviceFor({ command, inspected, graph, nodeVersion })].map((advice) => ({ place, ...advice }))
    }),
  )
}

/** One finding for a project in which nothing was found that compiles, and nothing more particular is known. */
export function checkAnyHost(project: InspectedProject, found: readonly Finding[]): readonly Finding[] {
  const said = found.some(({ code }) => /^(?:host-unaware|script-|output-uncompiled|plugin-)/.test(code))
  const holder = project.packages.find(({ processes }) => processes.length > 0)
  if (holder === undefined || said || anyCompiles(project)) return []
  return [
    {
      code: 'nothing-compiles',
      severity: 'error',
      place: project.show(holder.processes[0]?.path ?? holder.folder),
      message: 'holds a process, and nothing in the project has processes compiled.',
      fix: 'Choose how: docs/hosts/README.md lists tools. The shortest way to run it is: catga run <file>.',
    },
  ]
}

function* adviceFor(script: Script): Generator<Advice> {
  const { command, inspected } = script
  switch (command.program) {
    case 'tsc':
      return yield* plainTsc(script)
    case 'tspc':
      return yield* tspc(script)
    case 'swc':
      if (inspected.processes.length > 0 && !mentionsCatga(command.text)) {
        yield {
          code: 'script-uncompiled',
          severity: 'error',
          message: 'swc emits processes as they are.',
          fix: `Write catga build --swc ${command.args.join(' ')}`,
        }
      }
      return
    case 'catga':
      yield* lowering(script)
      return yield* catgaBuild(script)
    case 'esbuild':
      return yield* esbuild(script)
    case 'tsx':
    case 'ts-node':
    case 'node':
    case 'bun':
    case 'deno':
      return yield* runner(script)
  }
}

function* plainTsc({ command, inspected }: Script): Generator<Advice> {
  const { args } = command
  const patched = scriptCommands(inspected.manifest).some(({ program, text }) => program === 'ts-patch' && /\binstall\b/.test(text))
  const emitsNothing = args.some((arg) => /^--(?:noEmit|emitDeclarationOnly|showConfig|init|version|clean)$/i.test(arg))
  if (emitsNothing) return
  const first = tsconfigsOf(command, inspected).find((tsconfig) => emits(tsconfig) && holdsProcess(tsconfig, inspected))
  if (first === undefined || (patched && pluginEntries(first).length > 0)) return
  const typescript = installedVersion(inspected.folder, 'typescript')
  const seven = typescript !== undefined && majorOf(typescript) >= 7
  yield {
    code: 'script-uncompiled',
    severity: 'error',
    message: 'tsc runs no plugins and emits processes as they are.',
    fix: seven
      ? 'Write catga build --tsc7, or tsc --noEmit to check only.'
      : 'Write tspc, of ts-patch, with catga/transformer in "plugins"; or tsc --noEmit to check only.',
  }
}

function* tspc({ command, inspected, nodeVersion }: Script): Generator<Advice> {
  const plugin = tsconfigsOf(command, inspected).find((tsconfig) => holdsProcess(tsconfig, inspected))
  if (plugin !== undefined && pluginEntries(plugin).length === 0) {
    yield {
      code: 'plugin-missing',
      severity: 'error',
      message: 'tspc compiles processes with a tsconfig.json whose "plugins" do not list catga/transformer.',
      fix: 'Add { "transform": "catga/transformer" } to its compilerOptions.plugins.',
    }
  }
  const [entry] = plugin === undefined ? [] : pluginEntries(plugin)
  const late = command.args.some((arg) => /^(?:-b|--build|-w|--watch|-i|--incremental)$/i.test(arg))
  if (entry !== undefined && entry['transformProgram'] !== true && late && command.args.some((arg) => /^--noEmit$/i.test(arg))) {
    yield {
      code: 'transform-program-missing',
      severity: 'error',
      message: 'tspc with --noEmit and --watch, --build or --incremental never loads a plugin, so mistakes in processes are not reported.',
      fix: 'Write { "transform": "catga/transformer", "transformProgram": true } in compilerOptions.plugins.',
    }
  }
  const patch = installedVersion(inspected.folder, 'ts-patch')
  if (patch !== undefined && majorOf(patch) >= 4 && isOlder(nodeVersion, [22])) {
    yield {
      code: 'ts-patch-engine',
      severity: 'warning',
      message: `ts-patch ${patch} declares Node.js 22 or newer, and this is ${nodeVersion}.`,
      fix: 'It was seen to work on 20; use Node.js 22 or newer where it does not.',
    }
  }
}

/** The build is right; whether its output can be debugged is another question. */
function* catgaBuild({ command, inspected }: Script): Generator<Advice> {
  const { args } = command
  if (args[0] !== 'build') return
  const maps = args.includes('--swc') ? swcMaps(command, inspected) : tsconfigsOf(command, inspected).every(writesMaps)
  if (maps) return
  yield {
    code: 'source-maps-off',
    severity: 'warning',
    message: 'No source maps are written: stack traces and breakpoints show compiled code.',
    fix: args.includes('--swc') ? 'Add --source-maps, or "sourceMaps": true to .swcrc.' : 'Set "sourceMap": true in tsconfig.json.',
  }
}

function swcMaps({ args }: ScriptCommand, { folder }: InspectedPackage): boolean {
  const written = args.some((arg) => /^(?:-s|--source-maps(?:=(?:true|inline))?)$/.test(arg))
  const swcrc = jsonOf(join(folder, '.swcrc'))?.['sourceMaps']
  return written || swcrc === true || swcrc === 'inline'
}

function writesMaps({ config }: Tsconfig): boolean {
  const { sourceMap, inlineSourceMap, noEmit } = config.compilerOptions ?? {}
  return sourceMap === true || inlineSourceMap === true || noEmit === true
}

function* esbuild({ command, inspected, graph }: Script): Generator<Advice> {
  const entries = command.args.flatMap((arg) => (arg.startsWith('-') ? [] : (graph.sourceAt(resolve(inspected.folder, arg)) ?? [])))
  if (!entries.some((entry) => graph.reachesProcess(entry))) return
  yield {
    code: 'script-uncompiled',
    severity: 'error',
    message: "esbuild's command line takes no plugins and emits processes as they are.",
    fix: 'Call esbuild from a script, with catga() of "catga/esbuild" among its plugins: docs/hosts/esbuild.md.',
  }
}

/** `catga/register` makes JavaScript with what the project has. */
function* lowering({ command, inspected }: Script): Generator<Advice> {
  if (!/\bcatga(?:\/register| run)\b/.test(command.text)) return
  const typescript = installedVersion(inspected.folder, 'typescript')
  const tools = ['esbuild', 'tsx', '@swc/core'].filter((name) => installedVersion(inspected.folder, name) !== undefined)
  if (tools.length > 0 || (typescript !== undefined && majorOf(typescript) < 7)) return
  yield {
    code: 'lowering-tool-missing',
    severity: 'error',
    message: 'catga/register compiles TypeScript with esbuild, tsx, @swc/core or TypeScript 6, and none is installed.',
    fix: 'npm install --save-dev esbuild',
  }
}

/** `tsx src/main.ts` and its like, where that leads to a process in source. */
function* runner(script: Script): Generator<Advice> {
  const { command, inspected, graph } = script
  yield* lowering(script)
  if (/\bcatga\b/.test(command.text) || /--test\b/.test(command.text)) return
  if (command.program === 'bun' && /catga/.test(inspected.configs.find(({ path }) => path.endsWith('bunfig.toml'))?.text ?? '')) return
  const files = command.args.filter((arg) => !arg.startsWith('-'))
  const entry = files.map((file) => graph.sourceAt(resolve(inspected.folder, file))).find((source) => source !== undefined)
  if (entry === undefined || !graph.reachesProcess(entry)) return
  const fix =
    command.program === 'bun' || command.program === 'deno'
      ? `docs/hosts/${command.program}.md says how.`
      : `Write node --import catga/register ${files.join(' ')}, or catga run ${files.join(' ')}.`
  yield { code: 'script-uncompiled', severity: 'error', message: `${command.program} runs processes as they are.`, fix }
}

function tsconfigsOf(command: ScriptCommand, { folder, tsconfigs }: InspectedPackage): readonly Tsconfig[] {
  const named =
    optionValue(command, '-p', '--project') ?? (command.args.find((arg) => arg.endsWith('.json') && !arg.startsWith('-')) || undefined)
  const path = resolve(folder, named ?? 'tsconfig.json')
  const first = tsconfigs.find((tsconfig) => tsconfig.path === path || dirname(tsconfig.path) === path)
  if (first === undefined) return []
  if (!command.args.some((arg) => /^(?:-b|--build)$/.test(arg))) return [first]
  const references = (valueAt(first.config, 'references') ?? []) as readonly { readonly path?: string }[]
  const referenced = new Set(references.map((reference) => resolve(folder, reference.path ?? '')))
  return [first, ...tsconfigs.filter(({ path }) => referenced.has(path) || referenced.has(dirname(path)))]
}

function emits({ config }: Tsconfig): boolean {
  const { noEmit, emitDeclarationOnly } = config.compilerOptions ?? {}
  return noEmit !== true && emitDeclarationOnly !== true
}

function holdsProcess(tsconfig: Tsconfig, { processes }: InspectedPackage): boolean {
  const includes = createFilesMatcher({ path: tsconfig.path, config: tsconfig.config } as Parameters<typeof createFilesMatcher>[0])
  return processes.some(({ path }) => includes(path) !== undefined)
}
