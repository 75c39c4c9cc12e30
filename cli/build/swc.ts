/** `catga build --swc`: compiles a source tree as `@swc/cli` does, processes included. */
import { existsSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import type { Outcome } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import type { BuildRequest } from './build-request.ts'
import { buildOutcome } from './build-report.ts'
import { Progress } from './progress.ts'
import { findSources, type SourceTree } from './source-tree.ts'
import { SwcBuilder, type SwcHost } from './swc-builder.ts'
import { swcBuildRequest, type SwcBuildRequest } from './swc-request.ts'
import { watchWithSwc } from './swc-watch.ts'

export async function buildWithSwc({ args, cwd, live, now }: BuildRequest): Promise<Outcome> {
  const request = swcBuildRequest(args, cwd)
  const builder = new SwcBuilder(await loadHost(), request)
  const { configFile } = request.options
  if (typeof configFile === 'string' && !existsSync(resolve(cwd, configFile))) {
    throw new CliError(EXIT.notFound, 'config-not-found', `There is no configuration file "${configFile}" in ${cwd}.`)
  }
  const begin = now()
  if (request.deleteDirOnStart) deleteOutput(request)
  const { files } = existingSources(request)
  const interruption = live?.interruption()
  const json = args.flag('json')
  if (request.watch && live !== undefined && interruption !== undefined) {
    return watchWithSwc({ request, builder, live, json, interruption, now, files })
  }
  const progress = live?.terminal === true && !json && !request.quiet ? new Progress(live, files.length) : undefined
  const results = await builder.build(files, interruption, () => progress?.step()).finally(() => progress?.clear())
  return buildOutcome({ mode: 'swc', results, ms: now() - begin, quiet: request.quiet, interrupted: interruption?.aborted === true })
}

function existingSources({ sources }: SwcBuildRequest): SourceTree {
  const tree = findSources(sources)
  const [missing] = tree.missing
  if (missing === undefined) return tree
  throw new CliError(EXIT.notFound, 'source-not-found', `There is no file or folder "${missing}" in ${sources.cwd}.`)
}

/** Never a folder that sources are in: a typing error would cost them. */
function deleteOutput({ place, sources }: SwcBuildRequest): void {
  const output = resolve(place.cwd, place.outDir)
  const inside = [place.cwd, ...sources.operands.map((operand) => resolve(place.cwd, operand))].find((path) =>
    `${path}/`.replaceAll('\\', '/').startsWith(`${output}/`.replaceAll('\\', '/')),
  )
  if (inside !== undefined) {
    throw new CliError(EXIT.usage, 'usage', `--delete-dir-on-start would delete ${inside}: give another --out-dir than "${place.outDir}".`)
  }
  rmSync(output, { recursive: true, force: true })
}

async function loadHost(): Promise<SwcHost> {
  try {
    return await import('../../transformer/hosts/swc/index.ts')
  } catch (error) {
    if (!(error instanceof Error && error.name === 'SwcHostError')) throw error
    throw new CliError(EXIT.failed, 'swc-missing', error.message, { cause: error.cause })
  }
}
