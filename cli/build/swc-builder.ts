/**
 * Compiles files with swc, one call each, and remembers which of them are processes that read other files.
 *
 * No worker threads: swc has its own, which compile while this one reads and writes.
 */
import type * as swcHost from '../../transformer/hosts/swc/index.ts'
import type { CompiledProcess, Options, Output, SwcTransforms } from '../../transformer/hosts/swc/index.ts'
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { basename, dirname, extname, relative, resolve, sep } from 'node:path'
import { CliError } from '../cli-error.ts'
import { compileProblem, unknownProblem, warningProblems } from './file-problem.ts'
import type { FileResult } from './file-result.ts'
import { compiledName, copiedName, declarationName } from './output-names.ts'
import { OutputWriter } from './write-output.ts'
import type { SwcBuildRequest } from './swc-request.ts'

/** What of `catga/swc` is used here: it is loaded when it is asked for. */
export type SwcHost = Pick<typeof swcHost, 'createTransforms' | 'DEFAULT_EXTENSIONS'>

export class SwcBuilder {
  readonly #request: SwcBuildRequest
  readonly #extensions: readonly string[]
  readonly #swc: SwcTransforms
  readonly #writer: OutputWriter
  readonly #processes = new Map<string, CompiledProcess>()

  constructor(host: SwcHost, request: SwcBuildRequest) {
    const { cwd } = request.sources
    this.#request = request
    this.#extensions = request.extensions ?? host.DEFAULT_EXTENSIONS
    this.#writer = new OutputWriter(cwd)
    this.#swc = host.createTransforms({ root: cwd, onCompiled: (compiled) => this.#processes.set(compiled.fileName, compiled) })
  }

  /** Files that compiled processes have read beside themselves. */
  get helpers(): readonly string[] {
    return [...new Set([...this.#processes.values()].flatMap(({ read }) => read))]
  }

  /** Processes that have read a file: they may compile to something else, or be wrong, since it has changed. */
  readersOf(fileName: string): readonly string[] {
    return [...this.#processes.values()].filter(({ read }) => read.includes(fileName)).map((compiled) => compiled.fileName)
  }

  /**
   * @param interruption no further file is begun once it is aborted
   * @throws CliError where output cannot be written: it would not be for other files either
   */
  async build(files: readonly string[], interruption?: AbortSignal, onFile?: () => void): Promise<readonly FileResult[]> {
    const waiting = files.filter((file) => this.#request.copyFiles || this.#compiles(file)).entries()
    const results: FileResult[] = []
    const worker = async (): Promise<void> => {
      for (const [index, file] of waiting) {
        if (interruption?.aborted === true) return
        results[index] = await this.#file(file)
        onFile?.()
      }
    }
    const ends = await Promise.allSettled(Array.from({ length: this.#request.concurrency }, worker))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
    // In order of the files, however long each took; none is left for those that were not begun.
    return results.filter((result) => result !== undefined)
  }

  /** Removes what a source that is gone was compiled or copied to. */
  remove(file: string): void {
    this.#processes.delete(this.#absolute(file))
    if (this.#compiles(file)) {
      const code = this.#codeName(file)
      for (const output of [code, `${code}.map`, declarationName(file, this.#request.place)]) this.#writer.remove(output)
    } else if (this.#request.copyFiles) {
      this.#writer.remove(copiedName(file, this.#request.place))
    }
  }

  #compiles(file: string): boolean {
    return this.#extensions.includes(extname(file))
  }

  #absolute(file: string): string {
    return resolve(this.#request.sources.cwd, file)
  }

  #codeName(file: string): string {
    return compiledName(file, this.#request.place, this.#request.outFileExtension)
  }

  async #file(source: string): Promise<FileResult> {
    this.#processes.delete(this.#absolute(source))
    const result = { source, isProcess: false, outputs: [], problems: [] }
    try {
      return this.#compiles(source) ? await this.#compile(source) : await this.#copy(source)
    } catch (error) {
      if (error instanceof CliError) throw error
      if (error instanceof Error && error.message.includes('ignored by .swcrc')) return { ...result, status: 'omitted' }
      const compiled = this.#processes.get(this.#absolute(source))
      const problems = compiled === undefined ? [] : compileProblem(error, compiled)
      return {
        ...result,
        status: 'failed',
        isProcess: compiled !== undefined,
        problems: problems.length > 0 ? problems : [unknownProblem(source, this.#absolute(source), error)],
      }
    }
  }

  async #copy(source: string): Promise<FileResult> {
    const output = copiedName(source, this.#request.place)
    await this.#writer.copy(source, output)
    return { source, status: 'copied', isProcess: false, outputs: [output], problems: [] }
  }

  async #compile(source: string): Promise<FileResult> {
    const code = this.#codeName(source)
    const { cwd } = this.#request.sources
    const sourceFileName = slashes(relative(resolve(cwd, dirname(code)), resolve(cwd, source)))
    const options: Options = { ...this.#request.options, sourceFileName, outputPath: code, filename: source }
    const { text, mode } = readSource(this.#absolute(source))
    const output = await this.#swc.transform(text, options)
    const compiled = this.#processes.get(this.#absolute(source))
    const outputs = await this.#write({ source, code, output, options, mode, isProcess: compiled !== undefined })
    const problems = compiled === undefined ? [] : warningProblems(compiled)
    return { source, status: 'compiled', isProcess: compiled !== undefined, outputs, problems }
  }

  async #write({ source, code, output, options, mode, isProcess }: WriteCompiled): Promise<readonly string[]> {
    const files: [name: string, text: string][] = []
    const declarations = declarationsIn(output)
    if (declarations !== undefined) files.push([declarationName(source, this.#request.place), declarations])
    if (output.map === undefined || options.sourceMaps === 'inline') {
      files.push([code, output.code])
    } else {
      const mapName = `${code}.map`
      files.push([mapName, isProcess ? output.map : withNames(output.map, options)])
      // swc writes names with spaces as they are, and runtimes then find no map; that is for it to change.
      const reference = isProcess ? encodeURIComponent(basename(mapName)) : basename(mapName)
      files.push([code, `${output.code}\n//# sourceMappingURL=${reference}`])
    }
    await Promise.all(files.map(([name, text]) => this.#writer.write(name, text, mode)))
    return files.map(([name]) => name)
  }
}

interface WriteCompiled {
  readonly source: string
  readonly code: string
  readonly output: Output
  readonly options: Options
  readonly mode: number
  readonly isProcess: boolean
}

function readSource(path: string): { readonly text: string; readonly mode: number } {
  const file = openSync(path, 'r')
  try {
    return { text: readFileSync(file, 'utf8'), mode: fstatSync(file).mode }
  } finally {
    closeSync(file)
  }
}

/** swc loses the names where the file came with a map of its own. */
function withNames(json: string, { sourceFileName, sourceRoot }: Options): string {
  const map = JSON.parse(json) as { sources: string[]; sourceRoot?: string }
  if (sourceFileName !== undefined) map.sources[0] = sourceFileName
  if (sourceRoot !== undefined) map.sourceRoot = sourceRoot
  return JSON.stringify(map)
}

/** With `jsc.experimental.emitIsolatedDts` swc answers declarations in a field that its types do not have. */
function declarationsIn(output: Output): string | undefined {
  const json = 'output' in output && typeof output.output === 'string' ? output.output : undefined
  if (json === undefined || json === '') return undefined
  return (JSON.parse(json) as Readonly<Record<string, string | undefined>>)['__swc_isolated_declarations__']
}

function slashes(path: string): string {
  return path.split(sep).join('/')
}
