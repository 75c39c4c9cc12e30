/** What the compiler warns of, as the program's own warnings: `process.on('warning')` sees them, `--no-warnings` hides them. */
export interface CompilerWarning {
  /** `CATGA102` … */
  readonly code: string
  readonly text: string
}

const told = new Set<string>()

/** Once for each finding: a file may be loaded under several URLs. */
export function emitWarning({ code, text }: CompilerWarning): void {
  const key = `${code} ${text}`
  if (told.has(key)) return
  told.add(key)
  process.emitWarning(text, { type: 'CatgaWarning', code })
}
