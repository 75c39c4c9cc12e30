/** `catga build --swc --watch`: compiles what changes, until it is interrupted. */
import { relative, resolve } from 'node:path'
import process from 'node:process'
import type { LiveOutput, Outcome, TextStyle } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { toJson } from '../json.ts'
import { createPaint } from '../paint.ts'
import { buildJson, buildLines, type BuildSummary } from './build-report.ts'
import type { FileResult } from './file-result.ts'
import { findSources } from './source-tree.ts'
import { SourceWatcher, type SourceChanges } from './source-watcher.ts'
import type { SwcBuilder } from './swc-builder.ts'
import type { SwcBuildRequest } from './swc-request.ts'

export interface WatchWithSwc {
  readonly request: SwcBuildRequest
  readonly builder: SwcBuilder
  readonly live: LiveOutput
  /** Each build is one line of JSON then, and the end another. */
  readonly json: boolean
  readonly interruption: AbortSignal
  readonly now: () => number
  /** Files to begin with. */
  readonly files: readonly string[]
}

export async function watchWithSwc(watch: WatchWithSwc): Promise<Outcome> {
  const { request, builder, interruption, now } = watch
  const { cwd } = request.sources
  // Before the first build, so that what is written during it is not missed.
  const watcher = new SourceWatcher({ cwd, scan: () => findSources(request.sources), others: () => builder.helpers, signal: interruption })
  let begin = now()
  report(watch, await builder.build(watch.files, interruption), now() - begin)
  if (!request.quiet && !watch.json && !interruption.aborted) watch.live.print('Watching for changes.\n')
  for await (const changes of watcher.changes()) {
    begin = now()
    for (const file of changes.removed) builder.remove(file)
    const results = await builder.build(filesToBuild(changes, builder, cwd), interruption)
    if (results.length > 0) report(watch, results, now() - begin)
  }
  if (watch.json) watch.live.print(`${JSON.stringify({ mode: 'swc', stopped: true })}\n`)
  return { json: undefined, text: () => (request.quiet ? [] : ['Stopped.']), exitCode: EXIT.ok }
}

function filesToBuild({ written, removed, others }: SourceChanges, builder: SwcBuilder, cwd: string): readonly string[] {
  const changed = [...written, ...removed].map((file) => resolve(cwd, file))
  const readers = [...changed, ...others].flatMap((file) => builder.readersOf(file))
  const gone = new Set(removed.map((file) => resolve(cwd, file)))
  const again = readers.filter((file) => !gone.has(file)).map((file) => relative(cwd, file))
  return [...new Set([...written, ...again])]
}

function report({ live, json, request }: WatchWithSwc, results: readonly FileResult[], ms: number): void {
  const summary: BuildSummary = { mode: 'swc', results, ms, quiet: request.quiet, interrupted: false }
  if (json) return live.print(`${JSON.stringify(toJson(buildJson(summary)))}\n`)
  const style: TextStyle = { paint: createPaint(live.terminal && !process.env['NO_COLOR'] ? 'colour' : 'plain'), width: 100 }
  const lines = buildLines(summary, style)
  if (lines.length > 0) live.print(`${lines.join('\n')}\n`)
}
