/**
 * The host for TypeScript 5.9 and 6 through ts-patch: `"plugins": [{ "transform": "catga/transformer" }]` and `tspc`.
 *
 * ts-patch loads a plugin at the first emit of a program. `tspc --noEmit` with `incremental`, `composite`, `--watch` or
 * `--build` emits nothing, so it never loads us; adding `"transformProgram": true` makes it load us with the program.
 */
import type ts from 'typescript'
import type { TypeScript } from '../emit/ast/ast-emitter.ts'
import { applyPlan } from '../emit/ast.ts'
import { ProgramCompilation } from './program-compilation.ts'
import { reportDiagnostics } from './report-diagnostics.ts'
import { dropUnusedUndos, takeBackUnusedUndos } from './unused-undos.ts'

/** What ts-patch gives a plugin beside the program. */
export interface PluginExtras {
  readonly ts: TypeScript
  readonly addDiagnostic?: (diagnostic: ts.Diagnostic) => void
  /** What the command line is going to print; of an ordinary program only, not of a builder's. */
  readonly diagnostics?: readonly ts.Diagnostic[]
}

/** The entry in `compilerOptions.plugins`. */
export type PluginConfig = Readonly<Record<string, unknown>>

type Transformer = ts.TransformerFactory<ts.SourceFile>

/** The plugin as a source transformer. */
export function createTransformer(program: ts.Program, _config: PluginConfig, extras: PluginExtras): Transformer {
  const { ts } = extras
  const compilation = compilationOf(program, extras, (made) => takeBackUnusedUndos(program, made, extras.diagnostics))
  return (context) => (file) => {
    const plan = compilation.files.get(ts.getOriginalNode(file) as ts.SourceFile)?.plan
    return plan === undefined ? file : applyPlan(ts, context, file, plan)
  }
}

/** The plugin as a source transformer for hosts that check nothing before they ask for it. */
export function createEarlyTransformer(program: ts.Program, extras: PluginExtras): Transformer {
  compilationOf(program, extras, (made) => dropUnusedUndos(program, made))
  return createTransformer(program, {}, extras)
}

/** The plugin as a program transformer: the same, and loaded before anything is checked. */
export function createProgramTransformer(program: ts.Program, config: PluginConfig, extras: PluginExtras): ts.Program {
  // At once: what the checker is asked for next is to have our errors in it.
  compilationOf(program, extras, (made) => dropUnusedUndos(program, made))
  const emit = program.emit
  program.emit = (target, writeFile, cancellation, onlyDeclarations, custom, ...rest) => {
    const before = [createTransformer(program, config, extras), ...(custom?.before ?? [])]
    return emit.call(program, target, writeFile, cancellation, onlyDeclarations, { ...custom, before }, ...rest)
  }
  return program
}

const compilations = new WeakMap<ts.Program, ProgramCompilation>()

/** A builder program emits file by file and asks for the transformer each time. */
function compilationOf(
  program: ts.Program,
  { ts, addDiagnostic }: PluginExtras,
  mendUnusedUndos: (made: ProgramCompilation) => void,
): ProgramCompilation {
  const known = compilations.get(program)
  if (known !== undefined) return known
  const compilation = new ProgramCompilation(ts, program)
  compilations.set(program, compilation)
  mendUnusedUndos(compilation)
  reportDiagnostics({ ts, program, compilation, addDiagnostic })
  return compilation
}
