/** TypeScript does not see that `compensate: 'release'` uses the method `release`; see `../unused-undos.ts` for the plugin's way. */
import { analyze } from '../../analyze/analyze.ts'
import { positionAt } from '../../diagnostics/code-frame.ts'
import type { BuildDiagnostic } from './build-diagnostic.ts'

/** "'{0}' is declared but its value is never read." */
const NEVER_READ = 'TS6133'

/** Without what TypeScript says of methods that undo steps. Only files it complains about are looked at. */
export function withoutUnusedUndos(
  diagnostics: readonly BuildDiagnostic[],
  readFile: (fileName: string) => string,
): readonly BuildDiagnostic[] {
  const undosOf = new Map<string, ReadonlySet<string>>()
  return diagnostics.filter(({ code, fileName, line, column }) => {
    if (code !== NEVER_READ || fileName === undefined) return true
    let undos = undosOf.get(fileName)
    if (undos === undefined) undosOf.set(fileName, (undos = undoPlaces(readFile(fileName), fileName)))
    return !undos.has(`${line}:${column}`)
  })
}

function undoPlaces(text: string, fileName: string): ReadonlySet<string> {
  const source = text.replace(/^\uFEFF/, '')
  const places = analyze(source, fileName).undoNames.map(({ start }) => positionAt(source, start))
  return new Set(places.map(({ line, column }) => `${line}:${column}`))
}
