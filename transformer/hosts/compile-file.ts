/** What every host does with one file: look, analyze, plan. */
import type { AnalyzeOptions } from '../analyze/file-context.ts'
import { analyzeProgram } from '../analyze/analyze.ts'
import { positionAt } from '../diagnostics/code-frame.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { EmitPlan, ReportedError } from '../emit/plan.ts'
import { planErrors, planFile } from '../emit/plan.ts'
import type { Span } from '../model/file-model.ts'
import { mayHoldProcess } from '../parse/may-hold-process.ts'
import { type ParsedText, parseText } from '../parse/parse.ts'
import { VERSION } from './compiler-version.ts'

export interface CompiledFile {
  /** Undefined: the file is none of ours and passes through as it is. */
  readonly plan: EmitPlan | undefined
  /** What the plan is for; undefined where nothing was parsed. */
  readonly parsed: ParsedText | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** Names of the methods that `compensate` options name, where they are declared. */
  readonly undoNames: readonly Span[]
}

export interface CompileFileRequest {
  readonly source: string
  readonly fileName: string
  /** The name that thrown compile errors show; never an absolute path, so that output does not depend on the machine. */
  readonly displayName: string
  readonly options: AnalyzeOptions
}

const NOT_OURS: CompiledFile = { plan: undefined, parsed: undefined, diagnostics: [], undoNames: [] }

export function compileFile({ source, fileName, displayName, options }: CompileFileRequest): CompiledFile {
  // Declarations hold no code, whatever is written in them.
  if (!mayHoldProcess(source) || /\.d\.[cm]?ts$/.test(fileName)) return NOT_OURS
  const parsed = parseText(source, fileName)
  if (parsed === undefined) return NOT_OURS
  const { model, diagnostics, undoNames } = analyzeProgram(parsed.program, source, fileName, options)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) {
    const reported = errors.map((error) => reportedError(source, displayName, error))
    return { plan: planErrors(freeName(source, '$catga'), reported), parsed, diagnostics, undoNames }
  }
  return { plan: model === undefined ? undefined : planFile(model, VERSION), parsed, diagnostics, undoNames }
}

function reportedError(source: string, file: string, { code, message, span }: Diagnostic): ReportedError {
  return { code, message, file, ...positionAt(source, span.start) }
}

function freeName(source: string, wanted: string): string {
  let name = wanted
  for (let number = 1; source.includes(name); number++) name = `${wanted}${number}`
  return name
}
