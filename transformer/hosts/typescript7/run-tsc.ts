/** Asks TypeScript's command line, the way to use 7.0, which has nothing else. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, isAbsolute, normalize, resolve } from 'node:path'
import { type BuildDiagnostic, diagnosticAt, diagnosticOfProject } from './build-diagnostic.ts'
import { readText } from './build-project.ts'
import { TypeScript7Error } from './typescript7-error.ts'

/** A project's options and files, as `tsc --showConfig` prints them. */
export interface ShownConfig {
  readonly compilerOptions: Readonly<Record<string, unknown>>
}

export interface Checked {
  readonly diagnostics: readonly BuildDiagnostic[]
  /** Absolute paths of all files of the program. */
  readonly files: readonly string[]
  /** Absolute paths of the files written. */
  readonly emitted: readonly string[]
}

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024
const EMITTED = 'TSFILE: '
const IN_FILE = /^(.+?)\((\d+),(\d+)\): (error|warning) (TS\d+): (.*)$/
const IN_PROJECT = /^(error|warning) (TS\d+): (.*)$/

interface TscRun {
  readonly tsc: string
  readonly configFile: string
  readonly flags: readonly string[]
}

/** @throws TypeScript7Error it cannot read the configuration */
export async function showConfig(tsc: string, configFile: string): Promise<ShownConfig> {
  const printed = await run({ tsc, configFile, flags: ['--showConfig'] })
  try {
    const { compilerOptions = {} } = JSON.parse(printed) as Partial<ShownConfig>
    return { compilerOptions }
  } catch (cause) {
    throw new TypeScript7Error('tsconfig-unreadable', printed.trim(), { cause })
  }
}

/** Checks, and emits what the flags say. */
export async function runTsc({ tsc, configFile, flags }: TscRun): Promise<Checked> {
  const printed = await run({ tsc, configFile, flags: [...flags, '--pretty', 'false', '--listFiles', '--listEmittedFiles'] })
  return readOutput(printed, dirname(configFile))
}

function run({ tsc, configFile, flags }: TscRun): Promise<string> {
  const options = { cwd: dirname(configFile), maxBuffer: MAX_OUTPUT_BYTES, windowsHide: true }
  return new Promise((done, failed) => {
    execFile(process.execPath, [tsc, '-p', configFile, ...flags], options, (error, stdout, stderr) => {
      // With errors in the project it ends with 1 or 2, and has printed them.
      if (error === null || (typeof error.code === 'number' && stdout.length > 0)) done(stdout)
      else failed(new TypeScript7Error('typescript-failed', `${tsc} failed: ${stderr.trim() || error.message}`, { cause: error }))
    })
  })
}

/** Lines are a finding, the rest of one (indented), or the path of a file. */
function readOutput(printed: string, folder: string): Checked {
  const found: { readonly place: RegExpExecArray; readonly rest: string[] }[] = []
  const files: string[] = []
  const emitted: string[] = []
  for (const line of printed.split(/\r?\n/)) {
    const place = IN_FILE.exec(line) ?? IN_PROJECT.exec(line)
    if (place !== null) found.push({ place, rest: [] })
    else if (/^\s/.test(line)) found.at(-1)?.rest.push(line)
    else if (line.startsWith(EMITTED)) emitted.push(normalize(line.slice(EMITTED.length)))
    else if (isAbsolute(line) && existsSync(line)) files.push(normalize(line))
  }
  return { diagnostics: found.map(({ place, rest }) => toDiagnostic(place, rest, folder)), files, emitted }
}

function toDiagnostic(place: RegExpExecArray, rest: readonly string[], folder: string): BuildDiagnostic {
  const [severity, code, text] = place.slice(-3)
  const message = [text ?? '', ...rest].join('\n')
  const finding = { code: code ?? '', severity: severity === 'warning' ? ('warning' as const) : ('error' as const), message }
  if (place.length < 7) return diagnosticOfProject(finding)
  const fileName = resolve(folder, place[1] ?? '')
  if (!existsSync(fileName)) return { ...diagnosticOfProject(finding), fileName }
  const source = readText(fileName).replace(/^\uFEFF/, '')
  const start = offsetOf(source, Number(place[2]), Number(place[3]))
  return diagnosticAt(finding, fileName, source, { start, end: start + wordAt(source, start) })
}

function offsetOf(source: string, line: number, column: number): number {
  let start = 0
  for (let passed = 1; passed < line; passed++) start = source.indexOf('\n', start) + 1
  return start + column - 1
}

/** The command line says where a finding begins; what is marked ends with the word. */
function wordAt(source: string, start: number): number {
  return /^[\p{ID_Continue}$#]+/u.exec(source.slice(start, start + 200))?.[0].length ?? 1
}
