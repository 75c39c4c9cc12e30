/** Findings as errors and warnings of Rollup and what is like it: Vite and Rolldown. */
import type { BundledModule, Finding } from './bundled-modules.ts'

/** What a transform hook has for `this`; columns count from 0. */
export interface RollupContext {
  /** Throws, whatever its type in unplugin says. */
  error(log: RollupLog): void
  warn(log: RollupLog): void
}

interface RollupLog {
  readonly code: string
  readonly message: string
  readonly id: string
  readonly loc: { readonly file: string; readonly line: number; readonly column: number }
  readonly frame: string
}

/** @throws what the bundler throws, if there is an error */
export function reportToRollup(context: RollupContext, { errors, warnings }: BundledModule): void {
  for (const warning of warnings) context.warn(logOf(warning))
  const [first, ...others] = errors
  if (first === undefined) return
  // A bundler takes one error; the others of the file are told in its message.
  context.error({ ...logOf(first), message: [first.text, ...others.map(describe)].join('\n\n') })
}

function logOf({ code, text, file, start, frame }: Finding): RollupLog {
  return { code, message: text, id: file, loc: { file, line: start.line, column: start.column - 1 }, frame }
}

function describe({ file, start, text, frame }: Finding): string {
  return `${file}:${start.line}:${start.column}: ${text}\n${frame}`
}
