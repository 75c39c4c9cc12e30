/**
 * Maps of one file that was rewritten several times, made into one. We do it and no tool: swc's own way has bugs, oxc-transform has none.
 */
import remapping from '@jridgewell/remapping'
import type { TextMap } from './source-map.ts'

/** A source map, version 3, as an object or as its JSON. */
export type MapInput = object | string

/**
 * The map from the last text to the first, of each rewriting's own map.
 *
 * What is unmapped in one of them is unmapped in the whole.
 *
 * ```ts
 * import { transformSync } from '@swc/core'
 * import { compileText, composeMaps } from 'catga/transformer'
 *
 * const compiled = compileText(source, 'order.process.ts')
 * const lowered = transformSync(compiled.code, { filename: 'order.process.ts', sourceMaps: true, inputSourceMap: false })
 * const map = lowered.map && composeMaps(lowered.map, compiled.map)
 * ```
 *
 * @param last the map of the last rewriting
 * @param earlier those before it, from last to first; undefined where there was none
 */
export function composeMaps(last: MapInput, ...earlier: readonly (MapInput | undefined)[]): TextMap {
  const maps = [last, ...earlier].filter((map) => map !== undefined)
  const { sources, sourcesContent, names, mappings } = remapping(maps as never, () => null)
  return {
    version: 3,
    sources: sources.map((source) => source ?? ''),
    sourcesContent: (sourcesContent ?? []).map((content) => content ?? ''),
    names,
    mappings: typeof mappings === 'string' ? mappings : '',
  }
}
