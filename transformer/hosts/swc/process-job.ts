/**
 * One process file on its way through swc: compiled before, its map made whole after.
 */
import type { Options, Output } from '@swc/core'
import { resolve } from 'node:path'
import { composeMaps } from '../../emit/text/compose-maps.ts'
import type { TextMap } from '../../emit/text/source-map.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { mayHoldProcess } from '../../parse/may-hold-process.ts'
import { parse } from '../../parse/parse.ts'
import { ModuleCompiler, type ModuleCompiled } from '../module-compiler.ts'
import { ProcessCompileError } from './compile-error.ts'
import { inputMapOf } from './input-map.ts'
import type { SwcTransforms } from './load-swc.ts'
import { firstDecoratorLine } from './remaining-decorators.ts'
import { frameOf, inlineMap, type MapFrame, type SwcFrame } from './swc-frame.ts'
import { SwcHostError } from './swc-host-error.ts'

/** What swc is to be given, and what is to be made of its answer. */
export interface ProcessJob {
  readonly code: string
  readonly options: Options
  readonly finish: (output: Output) => Output
}

/** What was found out about a process file: told before swc sees it, and before its mistakes are thrown. */
export interface CompiledProcess {
  /** Absolute path. */
  readonly fileName: string
  readonly source: string
  readonly diagnostics: readonly Diagnostic[]
  /** Other files whose change can change the output or the diagnostics: modules that process code calls into. */
  readonly read: readonly string[]
}

export interface StartProcessJob {
  readonly swc: SwcTransforms
  readonly source: string
  readonly options: Options
  /** Folder that names in messages are relative to. */
  readonly root: string
  readonly onCompiled: (compiled: CompiledProcess) => void
}

/**
 * @returns undefined where there is no process: swc is to get the very arguments
 * @throws ProcessCompileError, SwcHostError, and what swc throws at any file under these options
 */
export function startProcessJob({ swc, source, options, root, onCompiled }: StartProcessJob): ProcessJob | undefined {
  if (!mayHoldProcess(source)) return undefined
  const fileName = resolve(options.cwd ?? process.cwd(), options.filename ?? anonymousName(options))
  const frame = frameOf(swc, options)
  const inputMap = inputMapOf(source, fileName, options.inputSourceMap)
  const parsedAs = parsableName(source, fileName)
  const compiler = new ModuleCompiler({
    root,
    decorators: frame.decorators === 'legacy' ? 'legacy' : 'standard',
    emitDecoratorMetadata: frame.metadata,
  })
  const compiled = compiler.compile(source, parsedAs, inputMap)
  if (compiled === undefined) return undefined
  const diagnostics = compiled.diagnostics.map((diagnostic) => ({ ...diagnostic, fileName }))
  const text = source.replace(/^\uFEFF/, '')
  onCompiled({ fileName, source: text, diagnostics, read: compiled.read })
  throwErrors(diagnostics, text)
  refuseEarlyDecorators(frame, compiled, parsedAs, fileName)
  const isBadMap = typeof options.inputSourceMap === 'string' && inputMap === undefined
  return {
    code: compiled.code,
    options: {
      ...options,
      // One that is no map is swc's to complain of.
      inputSourceMap: isBadMap ? (options.inputSourceMap ?? false) : false,
      ...(frame.map !== undefined && { sourceMaps: true }),
    },
    finish: (output) => finish(withDeclarations(output, { swc, source, options }), frame.map, compiled.map, inputMap !== undefined),
  }
}

function throwErrors(diagnostics: readonly Diagnostic[], source: string): void {
  const [first, ...others] = diagnostics.filter(({ severity }) => severity === 'error')
  if (first !== undefined) throw new ProcessCompileError([first, ...others], source, diagnostics)
}

/** swc has no static blocks there, and ends the whole operating system process when it meets one. */
function refuseEarlyDecorators(frame: SwcFrame, { code }: ModuleCompiled, parsedAs: string, fileName: string): void {
  if (frame.decorators !== '2021-12') return
  const line = firstDecoratorLine(code, parsedAs)
  if (line === undefined) return
  throw new SwcHostError(
    'swc-decorators',
    `${fileName}(${line}): swc is set to lower decorators as proposed in 2021-12, which cannot hold a compiled process beside other decorators. ` +
      'In .swcrc, set jsc.transform.decoratorVersion to "2022-03" or "2023-11", or jsc.transform.legacyDecorator to true.',
  )
}

/** Declarations (`jsc.experimental.emitIsolatedDts`) say what the user wrote, not what we made of it. */
function withDeclarations(output: Output, { swc, source, options }: Pick<StartProcessJob, 'swc' | 'source' | 'options'>): Output {
  if (!('output' in output) || typeof output.output !== 'string') return output
  try {
    return { ...output, ...pickOutput(swc.transformSync(source, { ...options, sourceMaps: false })) }
  } catch {
    // Decorators are switched off, and only ours were there: swc has declarations of the compiled text alone.
    return output
  }
}

function pickOutput(output: Output): object {
  return 'output' in output ? { output: output.output } : {}
}

function finish(output: Output, frame: MapFrame | undefined, ours: TextMap | undefined, hadInput: boolean): Output {
  const { map: toolMap, ...rest } = output
  if (frame === undefined || toolMap === undefined || ours === undefined) return output
  const { sources, sourcesContent, names, mappings } = composeMaps(toolMap, ours)
  const whole = {
    ...frame.fields,
    ...(hadInput ? { sources, sourcesContent } : frame.withContent && { sourcesContent: ours.sourcesContent }),
    names,
    mappings,
  }
  const json = JSON.stringify(whole)
  return frame.place === 'inline' ? { ...rest, code: output.code + inlineMap(json) } : { ...output, map: json }
}

function anonymousName({ jsc }: Options): string {
  const parser = jsc?.parser
  if (parser?.syntax === 'typescript') return parser.tsx === true ? 'anonymous.tsx' : 'anonymous.ts'
  return 'anonymous.js'
}

/** What swc takes a file for is in its options, not in the name; a process must not slip through for that. */
function parsableName(source: string, fileName: string): string {
  const text = source.replace(/^\uFEFF/, '')
  const names = [fileName, ...['.ts', '.tsx', '.jsx'].map((ending) => fileName + ending)]
  return names.find((name) => parse(text, name) !== undefined) ?? fileName
}
