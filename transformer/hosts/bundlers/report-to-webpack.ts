/** Findings as errors and warnings of a webpack or Rspack compilation, each with its module and place. */
import type { BundledModule, Finding } from './bundled-modules.ts'

export interface WebpackModule {
  /** `asset/source` and the like want the text of a file, not its code. */
  readonly type?: string
  addError?(error: Error): void
  addWarning?(warning: Error): void
}

export interface WebpackLoaderContext {
  readonly _module?: WebpackModule
  readonly _compiler?: { readonly webpack?: { readonly WebpackError?: WebpackErrorClass } }
  cacheable(flag: boolean): void
  emitError(error: Error): void
  emitWarning(warning: Error): void
  /** Of Rspack, which shows the place and the lines itself. */
  readonly experiments?: { emitDiagnostic?(diagnostic: RspackDiagnostic): void }
}

interface RspackDiagnostic {
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly file: string
  readonly sourceCode: string
  /** Columns from 0, in bytes. */
  readonly location: { readonly line: number; readonly column: number; readonly length: number }
}

type WebpackErrorClass = new (message: string) => Error

/** Whether a module's text itself is wanted, as with `type: 'asset/source'`. */
export function isAsset({ _module: module }: WebpackLoaderContext): boolean {
  return module?.type?.startsWith('asset') === true
}

export function reportToWebpack(loader: WebpackLoaderContext, { errors, warnings }: BundledModule): void {
  const { _module: module, _compiler: compiler, experiments } = loader
  if (experiments?.emitDiagnostic !== undefined) {
    // A module from Rspack's cache comes without them.
    if (errors.length + warnings.length > 0) loader.cacheable(false)
    for (const found of errors) experiments.emitDiagnostic(diagnosticOf(found, 'error'))
    for (const found of warnings) experiments.emitDiagnostic(diagnosticOf(found, 'warning'))
    return
  }
  const WebpackError = compiler?.webpack?.WebpackError ?? Error
  // What goes to the module itself keeps its place; what goes through the loader is shown under the loader's name.
  const addError = module?.addError?.bind(module) ?? loader.emitError.bind(loader)
  const addWarning = module?.addWarning?.bind(module) ?? loader.emitWarning.bind(loader)
  for (const found of errors) addError(errorOf(found, WebpackError))
  for (const found of warnings) addWarning(errorOf(found, WebpackError))
}

function diagnosticOf({ text, file, start, source, bytes }: Finding, severity: 'error' | 'warning'): RspackDiagnostic {
  return { severity, message: text, file, sourceCode: source, location: { line: start.line, ...bytes } }
}

function errorOf({ code, text, file, start, end, frame }: Finding, WebpackError: WebpackErrorClass): Error {
  const error = Object.assign(new WebpackError(`${text}\n${frame}`), {
    code,
    file,
    hideStack: true,
    loc: { start: { line: start.line, column: start.column - 1 }, end: { line: end.line, column: end.column - 1 } },
  })
  error.name = code
  // The stack of this plugin says nothing about the user's mistake.
  error.stack = ''
  return error
}
