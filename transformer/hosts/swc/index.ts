/**
 * `catga/swc`: `@swc/core`, compiling processes. Files without one go to swc with the very arguments.
 */
import { createTransforms } from './create-transforms.ts'
import { loadSwc, originalsOf, type SwcCore, type SwcTransforms } from './load-swc.ts'

export type { Options, Output, ParseOptions, Program, JsMinifyOptions } from '@swc/core'
export type { Diagnostic, Severity } from '../../diagnostics/diagnostic.ts'
export { ProcessCompileError } from './compile-error.ts'
export { createTransforms } from './create-transforms.ts'
export type { TransformsOptions } from './create-transforms.ts'
export type { SwcCore, SwcTransforms } from './load-swc.ts'
export type { CompiledProcess } from './process-job.ts'
export { SwcHostError } from './swc-host-error.ts'
export type { SwcHostErrorCode } from './swc-host-error.ts'
export { onWarning } from './warnings.ts'
export type { WarningHandler } from './warnings.ts'

const swc: SwcCore = loadSwc()
const transforms: SwcTransforms = createTransforms({ swc: originalsOf(swc) })

/**
 * swc's `transform`; a text with a process is compiled first. Rejects with `ProcessCompileError` where it has a mistake.
 *
 * ```ts
 * import { transform } from 'catga/swc'
 *
 * const { code, map } = await transform(source, { filename: 'src/order.process.ts', sourceMaps: true })
 * ```
 */
export const transform: SwcCore['transform'] = transforms.transform

/** swc's `transformSync`; a text with a process is compiled first. Throws `ProcessCompileError` where it has a mistake. */
export const transformSync: SwcCore['transformSync'] = transforms.transformSync

/** swc's `transformFile`; a file with a process is compiled first. Rejects with `ProcessCompileError` where it has a mistake. */
export const transformFile: SwcCore['transformFile'] = transforms.transformFile

/** swc's `transformFileSync`; a file with a process is compiled first. Throws `ProcessCompileError` where it has a mistake. */
export const transformFileSync: SwcCore['transformFileSync'] = transforms.transformFileSync

/** Version of the `@swc/core` in use. */
export const version: string = swc.version

/** Endings of the files that swc compiles. */
export const DEFAULT_EXTENSIONS: SwcCore['DEFAULT_EXTENSIONS'] = swc.DEFAULT_EXTENSIONS

/** swc's own: text to syntax tree, nothing compiled. */
export const parse: SwcCore['parse'] = swc.parse
/** swc's own: text to syntax tree, nothing compiled. */
export const parseSync: SwcCore['parseSync'] = swc.parseSync
/** swc's own: file to syntax tree, nothing compiled. */
export const parseFile: SwcCore['parseFile'] = swc.parseFile
/** swc's own: file to syntax tree, nothing compiled. */
export const parseFileSync: SwcCore['parseFileSync'] = swc.parseFileSync
/** swc's own: syntax tree to text. */
export const print: SwcCore['print'] = swc.print
/** swc's own: syntax tree to text. */
export const printSync: SwcCore['printSync'] = swc.printSync
/** swc's own: JavaScript, made small. Names that the journal has are texts, and stay. */
export const minify: SwcCore['minify'] = swc.minify
/** swc's own: JavaScript, made small. Names that the journal has are texts, and stay. */
export const minifySync: SwcCore['minifySync'] = swc.minifySync
