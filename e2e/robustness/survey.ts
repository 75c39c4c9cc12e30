/** Runs the compiler over one file after the other and says what does not hold. */
import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { analyze } from '../../transformer/analyze/analyze.ts'
import { classInfos } from '../../transformer/analyze/class-info.ts'
import { syntaxTree } from '../../transformer/analyze/syntax-tree.ts'
import { compileText } from '../../transformer/index.ts'
import { mayHoldProcess } from '../../transformer/parse/may-hold-process.ts'
import { parse } from '../../transformer/parse/parse.ts'
import { injectProcess, linesOf } from './inject-process.ts'
import type { SourceFile } from './source-files.ts'
import { parserSpans, parseWithTypeScript, typeScriptSpans, unpaired } from './syntax-spans.ts'

export interface Survey {
  files: number
  bytes: number
  /** Nodes that both parsers have at one place. */
  pairs: number
  /** Files that one of the parsers cannot read; all of them pass through. */
  readonly unreadable: { readonly name: string; readonly by: 'both' | 'parser' | 'TypeScript'; readonly error: string }[]
  /** Files that got a process of ours and were compiled with it. */
  injected: number
  analyzeMs: number
  compileMs: number
  readonly faults: string[]
}

export function survey(files: readonly SourceFile[]): Survey {
  const result: Survey = { files: 0, bytes: 0, pairs: 0, unreadable: [], injected: 0, analyzeMs: 0, compileMs: 0, faults: [] }
  for (const file of files) {
    try {
      surveyFile(result, file)
    } catch (error) {
      result.faults.push(`${file.name}: threw ${(error as Error).stack ?? String(error)}`)
    }
  }
  return result
}

function surveyFile(result: Survey, { path, name }: SourceFile): void {
  const source = readFileSync(path, 'utf8')
  const text = source.replace(/^\uFEFF/, '')
  result.files++
  result.bytes += Buffer.byteLength(source)
  passThrough(result, source, path, name)
  const started = performance.now()
  const program = parse(text, path)
  if (program !== undefined) classInfos(syntaxTree(program))
  result.analyzeMs += performance.now() - started
  const { file, errors } = parseWithTypeScript(text, path)
  if (errors.length > 0 || (program === undefined && file.statements.length > 0)) {
    const by = program !== undefined ? 'TypeScript' : errors.length > 0 ? 'both' : 'parser'
    result.unreadable.push({ name, by, error: errors[0] ?? '' })
  }
  if (program !== undefined && errors.length === 0) {
    const spans = typeScriptSpans(file)
    const differences = unpaired(spans, parserSpans(program))
    if (differences.length > 0) result.faults.push(`${name}: ${differences.length} unpaired, ${differences.slice(0, 4).join('; ')}`)
    result.pairs += spans.size
  }
  const place = result.files % 2 === 0 ? 'end' : 'beginning'
  // A declaration file has no code, so a class with code makes it one that does not parse.
  if (errors.length === 0 && !/\.d\.\w+$|\.d\.[cm]?ts$/.test(path)) inject(result, text, path, name, place)
}

/** A file without a process is not touched, whatever is in it. */
function passThrough(result: Survey, source: string, path: string, name: string): void {
  const { code, map, diagnostics } = compileText(source, path)
  const isOurs = mayHoldProcess(source) && (analyze(source.replace(/^\uFEFF/, ''), path).model !== undefined || diagnostics.length > 0)
  if (!isOurs && (code !== source || map !== undefined || diagnostics.length > 0))
    result.faults.push(`${name}: is changed without a process`)
}

function inject(result: Survey, text: string, path: string, name: string, place: 'end' | 'beginning'): void {
  const { source, lines, from } = injectProcess(text, path, place)
  const input = parseWithTypeScript(source, path)
  // What becomes a module by the import may be one that cannot be: `with`, `delete name`, a second declaration of `await`.
  const program = parse(source, path)
  const started = performance.now()
  const { code, diagnostics } = compileText(source, path)
  result.compileMs += performance.now() - started
  const fault = (what: string): void => void result.faults.push(`${name}: with a process at the ${place}, ${what}`)
  if (input.errors.length > 0 || program === undefined) return code === source ? undefined : fault('does not parse, and is changed')
  const differences = unpaired(typeScriptSpans(input.file), parserSpans(program))
  if (differences.length > 0) fault(`${differences.length} unpaired, ${differences.slice(0, 4).join('; ')}`)
  if (diagnostics.some(({ severity }) => severity === 'error') || code === source) {
    // The file may have processes and mistakes of its own.
    if (!mayHoldProcess(text)) fault(`is not compiled: ${diagnostics.map(({ message }) => message).join('; ')}`)
    return
  }
  result.injected++
  const output = parseWithTypeScript(code, path)
  if (output.errors.length > 0) fault(`gives what TypeScript cannot parse: ${output.errors[0]}`)
  const written = linesOf(code)
  if (written.length !== linesOf(source).length) fault('has another number of lines')
  if (mayHoldProcess(text)) return
  const changed = lines.flatMap((line, index) => (written[from + index] === line ? [] : [index]))
  // The runtime's import follows the last import, on its line.
  const isPrologue = (index: number): boolean => isLineWithInsertion(lines[index] ?? '', written[from + index] ?? '')
  if (changed.length > 1 || !changed.every(isPrologue)) {
    const [first = 0] = changed
    fault(
      `${changed.length} lines are changed: ${JSON.stringify(lines[first]?.slice(0, 100))} → ${JSON.stringify(written[from + first]?.slice(0, 200))}`,
    )
  }
}

/** Whether one piece of text was put into the line and nothing else happened to it. */
function isLineWithInsertion(line: string, written: string): boolean {
  let same = 0
  while (same < line.length && line[same] === written[same]) same++
  return written.endsWith(line.slice(same)) && written.includes("from 'catga/emitted'")
}
