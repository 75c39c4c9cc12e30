/** Configuration of tools that read sources, and nothing in it about Catga. */
import { basename, dirname, join, resolve } from 'node:path'
import type { Finding } from '../finding.ts'
import { anyCompiles, hasProcesses, mentionsCatga } from '../hosts.ts'
import type { InspectedPackage, InspectedProject, Source } from '../inspected-project.ts'
import { entriesOf, recordOf, textOf } from '../read-file.ts'
import { SourceGraph } from '../source-graph.ts'

interface Tool {
  readonly name: string
  readonly config: RegExp
  /** What to write into it. */
  readonly fix: string
  /** Sources it begins with, beside those that its configuration names. */
  readonly entries?: RegExp
}

const plugin = (tool: string): string => `Add catga() from "catga/${tool}" to its plugins: docs/hosts/${tool}.md.`
const TESTS = /(?:\.(?:test|spec)\.|[\\/]__tests__[\\/])/

const TOOLS: readonly Tool[] = [
  { name: 'Vite', config: /^vite\.config\.[cm]?[jt]s$/, fix: plugin('vite') },
  { name: 'Vitest', config: /^vitest\.config\.[cm]?[jt]s$/, fix: plugin('vite').replace('vite.md', 'vitest.md'), entries: TESTS },
  { name: 'Rollup', config: /^rollup\.config\.[cm]?[jt]s$/, fix: plugin('rollup') },
  { name: 'Rolldown', config: /^rolldown\.config\.[cm]?[jt]s$/, fix: plugin('rolldown') },
  { name: 'webpack', config: /^webpack\.config\.[cm]?[jt]s$/, fix: plugin('webpack') },
  { name: 'Rspack', config: /^rspack\.config\.[cm]?[jt]s$/, fix: plugin('rspack') },
  { name: 'esbuild', config: /^esbuild(?:\.config)?\.[cm]?[jt]s$/, fix: plugin('esbuild') },
  {
    name: 'Next.js',
    config: /^next\.config\.[cm]?[jt]s$/,
    fix: 'Compile its server code as docs/hosts/nextjs.md says.',
    entries: /[\\/](?:app|pages)[\\/]/,
  },
  { name: "Nest's CLI", config: /^nest-cli\.json$/, fix: 'Compile as docs/hosts/nestjs.md says.', entries: /[\\/]main\.ts$/ },
  { name: 'Jest', config: /^jest\.config\.(?:[cm]?[jt]s|json)$/, fix: 'Transform processes as docs/hosts/jest.md says.', entries: TESTS },
]

export function checkBundlers(project: InspectedProject): readonly Finding[] {
  if (!hasProcesses(project)) return []
  const graph = new SourceGraph(project)
  const severity = anyCompiles(project) ? 'warning' : 'error'
  return project.packages.flatMap((inspected) =>
    [...inspected.configs, ...jestInManifest(inspected)].flatMap((config) => {
      const tool = toolOf(config)
      if (tool === undefined || saysCatga(config) || scriptsSayCatga(inspected, tool)) return []
      if (!meetsProcess({ config, inspected, tool, graph })) return []
      return [unaware(tool, project.show(config.path), severity)]
    }),
  )
}

function toolOf({ path, text }: Source): Tool | undefined {
  const name = basename(path)
  if (name === 'package.json') return TOOLS.find((tool) => tool.name === 'Jest')
  const known = TOOLS.find(({ config }) => config.test(name))
  // A build script by another name.
  return (
    known ?? (/\bfrom ['"]esbuild['"]|require\(['"]esbuild['"]\)/.test(text) ? TOOLS.find((tool) => tool.name === 'esbuild') : undefined)
  )
}

function jestInManifest({ folder, manifest }: InspectedPackage): readonly Source[] {
  const jest = recordOf(manifest['jest'])
  return jest === undefined ? [] : [{ path: join(folder, 'package.json'), text: JSON.stringify(jest) }]
}

/** It, or a file that it imports or extends by a relative path, names Catga. */
function saysCatga({ path, text }: Source, seen: ReadonlySet<string> = new Set()): boolean {
  if (mentionsCatga(text)) return true
  if (seen.size > 20 || seen.has(path)) return false
  for (const [, specifier = ''] of text.matchAll(/['"](\.{1,2}\/[^'"\n]+)['"]/g)) {
    const target = resolve(dirname(path), specifier)
    const stem = target.replace(/\.[cm]?[jt]s$/, '')
    for (const candidate of new Set([target, ...['.ts', '.mts', '.js', '.mjs', '.cjs', '.cts'].map((ending) => stem + ending)])) {
      const imported = candidate === path || candidate.endsWith('.tsx') ? undefined : textOf(candidate)
      if (imported !== undefined && imported.length < 100_000 && saysCatga({ path: candidate, text: imported }, new Set([...seen, path])))
        return true
    }
  }
  return false
}

/** Nest's CLI and Next.js can have their processes compiled before they run: `catga build` in a script, or a loader for all of Node. */
function scriptsSayCatga({ manifest }: InspectedPackage, { name }: Tool): boolean {
  const scripts = Object.values(recordOf(manifest['scripts']) ?? {}).join('\n')
  return (name === 'Next.js' || name === "Nest's CLI") && mentionsCatga(scripts)
}

interface Meeting {
  readonly config: Source
  readonly inspected: InspectedPackage
  readonly tool: Tool
  readonly graph: SourceGraph
}

/** Where entries are known, whether one leads to a process; where none is, that is to be feared. */
function meetsProcess({ config, inspected, tool, graph }: Meeting): boolean {
  const named = [...config.text.matchAll(/['"]((?:\.{0,2}\/)?[\w@./-]+)['"]/g)].flatMap(([, text = '']) => {
    const source = graph.sourceAt(resolve(inspected.folder, text.replace(/^\//, '')))
    return source === undefined || source === config.path ? [] : [source]
  })
  const matched = inspected.sources.filter(({ path }) => tool.entries?.test(path) === true).map(({ path }) => path)
  const entries = [...named, ...matched, ...(tool.name === 'Vite' ? htmlEntries(inspected, graph) : [])]
  if (tool.entries !== undefined && tool.entries === TESTS && entries.length === 0) return false
  return entries.length === 0 ? inspected.processes.length > 0 : entries.some((entry) => graph.reachesProcess(entry))
}

function htmlEntries({ folder }: InspectedPackage, graph: SourceGraph): readonly string[] {
  return entriesOf(folder)
    .filter(({ name }) => name.endsWith('.html'))
    .flatMap(({ name }) => [...(textOf(join(folder, name)) ?? '').matchAll(/<script[^>]*\bsrc=["']\/?([^"']+)["']/g)])
    .flatMap(([, source = '']) => graph.sourceAt(resolve(folder, source)) ?? [])
}

function unaware({ name, fix }: Tool, place: string, severity: Finding['severity']): Finding {
  return { code: 'host-unaware', severity, place, message: `${name} reads sources with processes, and does not have them compiled.`, fix }
}
