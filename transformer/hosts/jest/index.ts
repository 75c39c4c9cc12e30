/**
 * `catga/jest`: a Jest transformer in front of another one, such as `@swc/jest`. Process files are compiled as text first, and the other
 * transformer's map is led on to the source. For ts-jest there is `catga/ts-jest`, because ts-jest checks the types of what it is given.
 *
 * Invariants
 * 1. Files that hold no process reach the other transformer as they are.
 * 2. The cache key of a process file holds what it compiles to: it changes with this compiler, the project's options and the modules
 *    that were read.
 * 3. Jest instruments for coverage, never the other transformer, because only Jest is handed the whole map.
 */
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { composeMaps } from '../../emit/text/compose-maps.ts'
import { VERSION } from '../compiler-version.ts'
import { describeDiagnostic, type ModuleCompiled, ModuleCompiler } from '../module-compiler.ts'
import { mapClosings } from './closing-map.ts'
import { type ExtractedMap, extractInlineMap, withInlineMap } from './inline-map.ts'
import type { JestTransformed, JestTransformer, JestTransformerModule, JestTransformOptions } from './jest-transformer.ts'

/** What `jest.config` gives beside the transformer's name. */
export interface CatgaJestOptions {
  /** The transformer that comes after: `'@swc/jest'`, or it with its options. Default `'@swc/jest'`. */
  readonly transformer?: string | readonly [name: string, options: unknown]
}

/**
 * What Jest calls for each project.
 *
 * ```ts
 * // jest.config.ts
 * export default {
 *   transform: { '^.+\\.tsx?$': ['catga/jest', { transformer: '@swc/jest' }] },
 * }
 * ```
 */
export async function createTransformer({ transformer = '@swc/jest' }: CatgaJestOptions = {}): Promise<JestTransformer> {
  const [name, options] = typeof transformer === 'string' ? [transformer, undefined] : transformer
  if (name === 'ts-jest') {
    throw new TypeError(
      "catga/jest cannot stand in front of ts-jest: write { astTransformers: { before: ['catga/ts-jest'] } } in ts-jest's options.",
    )
  }
  return new CompilingTransformer(await load(name, options))
}

export default { createTransformer }

class CompilingTransformer implements JestTransformer {
  readonly canInstrument = false
  readonly #next: JestTransformer
  readonly #compilers = new Map<string, ModuleCompiler>()

  constructor(next: JestTransformer) {
    this.#next = next
    this.process = this.process.bind(this)
    this.processAsync = this.processAsync.bind(this)
    this.getCacheKey = this.getCacheKey.bind(this)
  }

  process(source: string, fileName: string, options: JestTransformOptions): JestTransformed {
    const compiled = this.#compile(source, fileName, options)
    const text = compiled?.code ?? source
    if (this.#next.process === undefined)
      throw new TypeError('The transformer after catga/jest transforms asynchronously only: Jest needs ESM for that.')
    return withWholeMap(this.#next.process(text, fileName, options), compiled, fileName)
  }

  async processAsync(source: string, fileName: string, options: JestTransformOptions): Promise<JestTransformed> {
    const next = this.#next.processAsync
    if (next === undefined) return this.process(source, fileName, options)
    const compiled = this.#compile(source, fileName, options)
    return withWholeMap(await next(compiled?.code ?? source, fileName, options), compiled, fileName)
  }

  getCacheKey(source: string, fileName: string, options: JestTransformOptions): string {
    const hash = createHash('sha256').update(VERSION).update('\0')
    hash.update(this.#next.getCacheKey?.(source, fileName, options) ?? keyOf(source, fileName, options)).update('\0')
    const compiled = this.#compilerOf(options.config.rootDir).compile(source, fileName)
    if (compiled !== undefined) hash.update(JSON.stringify([compiled.code, compiled.diagnostics]))
    return hash.digest('hex').slice(0, 32)
  }

  #compile(source: string, fileName: string, { config }: JestTransformOptions): ModuleCompiled | undefined {
    const compiled = this.#compilerOf(config.rootDir).compile(source, fileName)
    const described = (severity: 'error' | 'warning'): string[] =>
      (compiled?.diagnostics ?? []).filter((found) => found.severity === severity).map((found) => describeDiagnostic(found, source))
    const errors = described('error')
    if (errors.length > 0) throw new SyntaxError(errors.join('\n\n'))
    for (const warning of described('warning')) process.stderr.write(`${warning}\n`)
    return compiled
  }

  #compilerOf(root: string): ModuleCompiler {
    const known = this.#compilers.get(root)
    if (known !== undefined) return known
    const made = new ModuleCompiler({ root })
    this.#compilers.set(root, made)
    return made
  }
}

async function load(name: string, options: unknown): Promise<JestTransformer> {
  let path: string
  try {
    path = createRequire(join(process.cwd(), 'package.json')).resolve(name)
  } catch (cause) {
    throw new TypeError(`catga/jest needs the Jest transformer "${name}": npm install --save-dev ${name}`, { cause })
  }
  const loaded = (await import(pathToFileURL(path).href)) as JestTransformerModule & { readonly default?: JestTransformerModule }
  const module = loaded.createTransformer === undefined && loaded.process === undefined ? (loaded.default ?? loaded) : loaded
  return (await module.createTransformer?.(options)) ?? (module as JestTransformer)
}

/** For transformers that leave the key to Jest. */
function keyOf(source: string, fileName: string, { configString, instrument, supportsStaticESM }: JestTransformOptions): string {
  return JSON.stringify([source, fileName, configString, instrument, supportsStaticESM])
}

function withWholeMap(transformed: JestTransformed | string, compiled: ModuleCompiled | undefined, fileName: string): JestTransformed {
  const result = typeof transformed === 'string' ? { code: transformed } : transformed
  if (compiled?.map === undefined) return result
  const { code, map }: ExtractedMap = result.map ? { code: result.code, map: result.map } : extractInlineMap(result.code)
  if (map === undefined) return { code }
  // Names in a map are taken for paths beside the file; when Jest instruments, it looks for the map in the code only.
  const whole = { ...mapClosings(code, composeMaps(map, compiled.map)), sources: [fileName] }
  return { code: withInlineMap(code, whole), map: whole }
}
