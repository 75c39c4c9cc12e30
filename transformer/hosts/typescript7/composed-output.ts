import type { TextMap } from '../../emit/text/source-map.ts'
import { composeMaps } from '../../emit/text/compose-maps.ts'

/** A source map as TypeScript and swc write them. */
export interface OutputMap {
  readonly version: number
  readonly file?: string
  readonly sourceRoot?: string
  readonly sources: readonly string[]
  readonly sourcesContent?: readonly (string | null)[]
  readonly names: readonly string[]
  readonly mappings: string
}

const INLINE_MAP = /^\/\/# sourceMappingURL=data:application\/json;(?:charset=utf-8;)?base64,([A-Za-z0-9+/=]+)\s*$/m

/** The map of what was lowered, led on to the user's source: its names and places stay, its content is the user's. */
export function composedMap(lowered: OutputMap, ours: TextMap): OutputMap {
  if (lowered.sources.length !== 1) return lowered
  const { names, mappings } = composeMaps({ ...lowered, sourceRoot: '' }, ours)
  const content = lowered.sourcesContent === undefined ? {} : { sourcesContent: ours.sourcesContent }
  return { ...lowered, ...content, names, mappings }
}

/** The same for a map that is a comment in the code. */
export function withComposedInlineMap(code: string, ours: TextMap): string {
  const [comment, encoded] = INLINE_MAP.exec(code) ?? []
  if (comment === undefined || encoded === undefined) return code
  const map = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as OutputMap
  return code.replace(comment, () => inlineMapComment(composedMap(map, ours)))
}

export function inlineMapComment(map: OutputMap): string {
  return `//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`
}
