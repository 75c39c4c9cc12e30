/** Our part of a build: the process files of one project, compiled from text to text. */
import { ModuleCompiler, type ModuleCompiled } from '../module-compiler.ts'
import { type BuildDiagnostic, fromCompiler } from './build-diagnostic.ts'
import { readText } from './build-project.ts'

export interface DecoratorOptions {
  readonly experimentalDecorators?: unknown
  readonly emitDecoratorMetadata?: unknown
}

export interface CompiledProcesses {
  /** By the path of the source. */
  readonly files: ReadonlyMap<string, ModuleCompiled>
  readonly diagnostics: readonly BuildDiagnostic[]
}

export function compileProcesses(paths: readonly string[], cwd: string, options: DecoratorOptions): CompiledProcesses {
  const compiler = new ModuleCompiler({
    root: cwd,
    decorators: options.experimentalDecorators === true ? 'legacy' : 'standard',
    emitDecoratorMetadata: options.emitDecoratorMetadata === true,
  })
  const files = new Map<string, ModuleCompiled>()
  const diagnostics: BuildDiagnostic[] = []
  for (const path of paths) {
    const source = readText(path)
    const compiled = compiler.compile(source, path)
    if (compiled === undefined) continue
    if (compiled.map !== undefined) files.set(path, compiled)
    diagnostics.push(...compiled.diagnostics.map((diagnostic) => fromCompiler(diagnostic, source)))
  }
  return { files, diagnostics }
}
