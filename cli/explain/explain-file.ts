/** Compiles one file as a host does, for looking at. */
import { dirname } from 'node:path'
import type ts from 'typescript'
import { type AnalyzeOptions, compileText, composeMaps, type Diagnostic, transpile } from '../../transformer/index.ts'
import type { DecoratorModes } from './explain-modes.ts'
import { type HostName, loadHost } from './hosts.ts'

export interface ExplainFile extends DecoratorModes {
  readonly source: string
  /** As the command line names it. */
  readonly file: string
  /** Its absolute path. */
  readonly path: string
  readonly host: HostName
  readonly readOtherModule?: AnalyzeOptions['readOtherModule']
}

export interface ExplainedFile {
  readonly emitted: string
  /** JSON of the map to the source; undefined where the text is the source. */
  readonly map: string | undefined
  readonly diagnostics: readonly Diagnostic[]
}

export async function explainFile(request: ExplainFile): Promise<ExplainedFile> {
  const { source, file, path, host, decorators, metadata } = request
  const others = request.readOtherModule && { readOtherModule: request.readOtherModule }
  const loaded = host === 'none' ? undefined : await loadHost(host, dirname(path))
  if (loaded !== undefined && loaded.lower === undefined) {
    const compilerOptions = { experimentalDecorators: decorators === 'legacy', emitDecoratorMetadata: metadata }
    const { code, map, diagnostics } = transpile(source, file, { ts: loaded.tool as unknown as typeof ts, compilerOptions, ...others })
    return { emitted: code, map, diagnostics }
  }
  const compiled = compileText(source, file, { decorators, emitDecoratorMetadata: metadata, ...others })
  const { diagnostics } = compiled
  if (loaded?.lower === undefined) return { emitted: compiled.code, map: compiled.map && JSON.stringify(compiled.map), diagnostics }
  const lowered = await loaded.lower(loaded.tool, { code: compiled.code, fileName: path, decorators, metadata })
  const emitted = lowered.code.replace(/\/\/# sourceMappingURL=.*\s*$/, '')
  return { emitted, map: JSON.stringify(composeMaps(lowered.map, compiled.map)), diagnostics }
}
