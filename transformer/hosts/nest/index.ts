/**
 * `catga/nest`: a plugin of the Nest CLI for its `tsc` builder, `"plugins": ["catga/nest"]` in `nest-cli.json`.
 *
 * Nest gives plugins no way to report. `nest build` asks what the checker found after it has emitted, and finds our errors there;
 * in watch mode it has asked before it calls us, so there they come with the answer of the emit.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type ts from 'typescript'
import type { TypeScript } from '../../emit/ast/ast-emitter.ts'
import { createEarlyTransformer } from '../tsc.ts'

/** What programs have beside their typings, and the place of ts-patch's that `reportDiagnostics` answers through. */
interface HookedProgram extends ts.Program {
  originalEmit?: ts.Program['emit']
  getCachedSemanticDiagnostics?: (file: ts.SourceFile) => readonly ts.Diagnostic[] | undefined
}

/**
 * What the Nest CLI calls with each program; `nest-cli.json` names the plugin:
 *
 * ```json
 * { "compilerOptions": { "plugins": ["catga/nest"] } }
 * ```
 */
export function before(_options: object | undefined, program: ts.Program): ts.TransformerFactory<ts.SourceFile> {
  if (wasChecked(program)) answerThroughEmit(program)
  return createEarlyTransformer(program, { ts: typeScriptOf(process.cwd()) })
}

function wasChecked(program: HookedProgram): boolean {
  return program.getSourceFiles().some((file) => program.getCachedSemanticDiagnostics?.(file) !== undefined)
}

function answerThroughEmit(program: HookedProgram): void {
  const { emit } = program
  program.originalEmit ??= emit
  program.emit = (...args) => (program.originalEmit ?? emit).apply(program, args)
}

/** The one that made the program: Nest takes it from where it runs. */
function typeScriptOf(folder: string): TypeScript {
  return createRequire(join(folder, 'package.json'))('typescript') as TypeScript
}
