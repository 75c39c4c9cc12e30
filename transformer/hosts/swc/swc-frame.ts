/**
 * What swc will do with a file, asked of swc itself: a few lines of our own go through it under the file's name and options, and
 * what comes out tells how decorators are lowered and what kind of map is made.
 *
 * Invariants
 * 1. No rule of swc's is written again here: how it finds and merges `.swcrc` has changed between versions, and will.
 * 2. The lines hold no static block: swc ends the whole operating system process on one in a class whose decorators it lowers as of 2021.
 */
import type { Options } from '@swc/core'
import type { SwcTransforms } from './load-swc.ts'

export interface SwcFrame {
  /** `2021-12` is an early proposal's semantics, which swc has for JavaScript only. */
  readonly decorators: 'legacy' | 'standard' | '2021-12' | 'unsupported'
  readonly metadata: boolean
  readonly map: MapFrame | undefined
}

/** The map that swc would make, but for what it maps. */
export interface MapFrame {
  readonly place: 'beside' | 'inline'
  readonly fields: Readonly<Record<string, unknown>>
  readonly withContent: boolean
}

const TYPESCRIPT = '@d class A { @e m(p: string): void {} }\n'
const JAVASCRIPT = '@d class A { @e m(p) {} }\n'
const NO_DECORATORS = 'var a = 1\n'
const INLINE = '//# sourceMappingURL=data:application/json;base64,'

/** @throws Error swc's own, where it would take no file under this name and these options */
export function frameOf(swc: SwcTransforms, options: Options): SwcFrame {
  const probe = (source: string): SwcFrame => readFrame(swc.transformSync(source, probeOptions(options)))
  for (const source of [TYPESCRIPT, JAVASCRIPT]) {
    try {
      return probe(source)
    } catch {
      // Another syntax, or decorators are off; what swc says of the last one is what is wrong with every file.
    }
  }
  return probe(NO_DECORATORS)
}

function probeOptions(options: Options): Options {
  const { plugin: _, ...rest } = options
  return {
    ...rest,
    minify: false,
    inputSourceMap: false,
    // Helpers that are imported go by their names, whatever else is minified; plugins would see text that nobody wrote.
    jsc: { ...options.jsc, externalHelpers: true, experimental: { ...options.jsc?.experimental, plugins: [], emitIsolatedDts: false } },
  }
}

function readFrame({ code, map }: { readonly code: string; readonly map?: string }): SwcFrame {
  return { decorators: decoratorsIn(code), metadata: code.includes('design:type'), map: mapFrameIn(code, map) }
}

function decoratorsIn(code: string): SwcFrame['decorators'] {
  if (code.includes('_ts_decorate')) return 'legacy'
  if (/_apply_decs_|@d\b/.test(code)) return 'standard'
  return code.includes('_decorate') ? '2021-12' : 'unsupported'
}

function mapFrameIn(code: string, map: string | undefined): MapFrame | undefined {
  const at = code.lastIndexOf(INLINE)
  const json = map ?? (at === -1 ? undefined : Buffer.from(code.slice(at + INLINE.length), 'base64').toString())
  if (json === undefined) return undefined
  const fields = JSON.parse(json) as Readonly<Record<string, unknown>>
  return { place: map === undefined ? 'inline' : 'beside', fields, withContent: 'sourcesContent' in fields }
}

/** The comment that swc ends code with whose map is inline. */
export function inlineMap(json: string): string {
  return `\n${INLINE}${Buffer.from(json).toString('base64')}`
}
