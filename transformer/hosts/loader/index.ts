/**
 * `catga/loader`: a plain loader for tools that take webpack's loaders and no plugin of ours: Turbopack, Next.js, and rules of webpack and rspack.
 */
import type { TextMap } from '../../emit/text/source-map.ts'
import { describeDiagnostic, ModuleCompiler } from '../module-compiler.ts'

/** What the loader uses of its context; webpack, rspack and Turbopack have it alike. */
export interface LoaderContext {
  readonly resourcePath: string
  /** Folder that names in messages are relative to. */
  readonly rootContext?: string
  readonly cacheable?: (flag: boolean) => void
  readonly addDependency: (file: string) => void
  readonly emitWarning: (warning: Error) => void
  readonly emitError: (error: Error) => void
  readonly callback: (error: null, code: string, map?: LoaderMap | TextMap) => void
}

/** The map a loader is handed: nothing, an object or its JSON. */
export type LoaderMap = object | string | null | undefined

/**
 * Compiles a process file's text before the tool's own TypeScript does; any other text passes through. What is wrong with it is
 * reported as the tool's own errors and warnings.
 *
 * ```ts
 * // next.config.ts
 * export default {
 *   serverExternalPackages: ['catga'],
 *   turbopack: { rules: { '*.process.ts': { loaders: ['catga/loader'] } } },
 * }
 * ```
 */
const loader = function (this: LoaderContext, source: string, map?: LoaderMap): void {
  compileModule(this, source, map)
}

export default loader

function compileModule(context: LoaderContext, source: string, map: LoaderMap): void {
  // A compiler for each: it keeps what it read of a project, and nobody tells a loader of a build's end.
  const compiler = new ModuleCompiler({ root: context.rootContext ?? process.cwd() })
  const compiled = compiler.compile(source, context.resourcePath, map ?? undefined)
  if (compiled === undefined) {
    context.callback(null, source, map)
    return
  }
  for (const file of compiled.read) context.addDependency(file)
  // Rspack's cache would give the module without them.
  if (compiled.diagnostics.length > 0) context.cacheable?.(false)
  for (const diagnostic of compiled.diagnostics) {
    const report = reportOf(describeDiagnostic(diagnostic, source))
    if (diagnostic.severity === 'error') context.emitError(report)
    else context.emitWarning(report)
  }
  context.callback(null, compiled.code, compiled.map ?? map)
}

/** Without a stack: it would tell of the loader, and the tools print it. */
function reportOf(message: string): Error {
  const report = new Error(message)
  report.name = 'CatgaCompileError'
  report.stack = ''
  return report
}
