import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { GREATEST_LOWER_BOUND, LEAST_UPPER_BOUND, TraceMap, generatedPositionFor, originalPositionFor } from '@jridgewell/trace-mapping'

/** A place in a source file: path, 1-based line, 0-based column. */
export interface SourcePosition {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** A place in a loaded script as the inspector counts: both 0-based. */
export interface ScriptPosition {
  readonly lineNumber: number
  readonly columnNumber: number
}

/** A script with the source map beside it, read the way an editor's debugger reads it. */
export class MappedScript {
  readonly url: string
  readonly #map: TraceMap

  private constructor(url: string, map: TraceMap) {
    this.url = url
    this.#map = map
  }

  /** Nothing when the script has no map in a file beside it. */
  static read(url: string): MappedScript | undefined {
    if (!url.startsWith('file:') || !existsSync(fileURLToPath(`${url}.map`))) return undefined
    return new MappedScript(url, new TraceMap(readFileSync(fileURLToPath(`${url}.map`), 'utf8'), `${url}.map`))
  }

  /** Nothing for generated code. */
  sourceOf({ lineNumber, columnNumber }: ScriptPosition): SourcePosition | undefined {
    const { source, line, column } = originalPositionFor(this.#map, {
      line: lineNumber + 1,
      column: columnNumber,
      bias: GREATEST_LOWER_BOUND,
    })
    return source === null ? undefined : { file: fileURLToPath(source), line, column }
  }

  /** Where a breakpoint on a line of a source file belongs: the first code that came from that line. */
  breakpointAt(file: string, line: number): ScriptPosition | undefined {
    const source = this.#map.resolvedSources.find((candidate) => fileURLToPath(candidate) === file)
    if (source === undefined) return undefined
    const generated = generatedPositionFor(this.#map, { source, line, column: 0, bias: LEAST_UPPER_BOUND })
    return generated.line === null ? undefined : { lineNumber: generated.line - 1, columnNumber: generated.column }
  }
}
