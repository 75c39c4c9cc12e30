/** What a build tells at its end: lines for people, data for programs. */
import type { Outcome, TextStyle } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import type { FileResult } from './file-result.ts'

export interface BuildSummary {
  readonly mode: string
  readonly results: readonly FileResult[]
  readonly ms: number
  readonly quiet: boolean
  readonly interrupted: boolean
}

export function buildOutcome(summary: BuildSummary): Outcome {
  const failed = summary.results.some(({ status }) => status === 'failed')
  const exitCode = summary.interrupted ? EXIT.interrupted : failed ? EXIT.failed : EXIT.ok
  return { json: buildJson(summary), text: (style) => buildLines(summary, style), exitCode }
}

export function buildJson({ mode, results, ms, interrupted }: BuildSummary): object {
  return {
    mode,
    ms: Math.round(ms),
    ...counts(results),
    ...(interrupted && { interrupted }),
    files: results.map(({ source, status, isProcess, outputs }) => ({ source, status, process: isProcess, outputs })),
    diagnostics: results.flatMap(({ problems }) => problems),
  }
}

export function buildLines({ mode, results, ms, quiet, interrupted }: BuildSummary, { paint }: TextStyle): readonly string[] {
  const problems = results.flatMap((result) => result.problems)
  const lines = problems.flatMap(({ severity, text }) => [...painted(text, severity === 'error' ? paint.red : paint.yellow), ''])
  const { compiled, copied, failed, processes } = counts(results)
  const done = [
    `Compiled ${files(compiled)} with ${mode}${processes === 0 ? '' : ` (${processes} with processes)`}`,
    ...(copied === 0 ? [] : [`copied ${files(copied)}`]),
    ...(failed === 0 ? [] : [paint.red(`${files(failed)} failed`)]),
  ]
  const end = interrupted ? `Interrupted: ${done.join(', ')}.` : `${done.join(', ')} in ${Math.round(ms)} ms.`
  return quiet && failed === 0 && !interrupted ? lines : [...lines, end]
}

/** The first line tells what is wrong; the frame is for reading. */
function painted(text: string, paint: (text: string) => string): readonly string[] {
  const [first = '', ...rest] = text.split('\n')
  return [paint(first), ...rest]
}

interface Counts {
  readonly compiled: number
  readonly copied: number
  readonly failed: number
  readonly processes: number
}

function counts(results: readonly FileResult[]): Counts {
  const count = (status: FileResult['status']): number => results.filter((result) => result.status === status).length
  return {
    compiled: count('compiled'),
    copied: count('copied'),
    failed: count('failed'),
    processes: results.filter(({ status, isProcess }) => status === 'compiled' && isProcess).length,
  }
}

function files(count: number): string {
  return `${count} ${count === 1 ? 'file' : 'files'}`
}
