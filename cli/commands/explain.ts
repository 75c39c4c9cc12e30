import { resolve } from 'node:path'
import { analyze, type FileModel, formatDiagnostic, optionsOfProject } from '../../transformer/index.ts'
import { wholeNumber } from '../arguments.ts'
import { CliError } from '../cli-error.ts'
import type { Command, TextStyle } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { explainFile } from '../explain/explain-file.ts'
import { decoratorModes, defaultHost } from '../explain/explain-modes.ts'
import { HOSTS } from '../explain/hosts.ts'
import { inColumns, likeSource, pairLines, stacked, type Pair } from '../side-by-side.ts'
import { sourceLinesOf } from '../source-lines.ts'

const LAYOUTS = ['columns', 'stacked'] as const

/** Shows what the compiler makes of a file, beside the file. */
export const explain: Command = {
  name: 'explain',
  summary: 'show the emitted code of a file beside its source',
  operands: ['file'],
  options: {
    method: { type: 'string', short: 'm', value: 'name', help: 'only this method of the process' },
    layout: { type: 'string', value: LAYOUTS.join('|'), help: 'side by side (default), or changed lines below their source' },
    width: { type: 'string', value: 'columns', help: 'width of the output; default: the terminal' },
    decorators: { type: 'string', value: 'standard|legacy', help: 'default as tsconfig.json says, or .swcrc' },
    host: { type: 'string', value: HOSTS.join('|'), help: 'who lowers it: default what the project has; none keeps types' },
  },
  needs: 'nothing',
  examples: [
    'catga explain src/order-process.ts',
    'catga explain src/order-process.ts --method execute --layout stacked',
    'catga explain src/order-process.ts --host esbuild',
  ],
  async run({ args, readFile }) {
    const file = args.operands[0] ?? ''
    const layout = oneOf('layout', args.text('layout') ?? 'columns', LAYOUTS)
    const width = args.text('width')
    const columns = width === undefined ? undefined : wholeNumber('width', width, 40)
    const wanted = args.text('host')
    const mode = args.text('decorators')
    const chosen = {
      host: wanted === undefined ? undefined : oneOf('host', wanted, HOSTS),
      decorators: mode === undefined ? undefined : oneOf('decorators', mode, ['standard', 'legacy'] as const),
    }
    // Places count from after a byte order mark.
    const source = (await readFile(file)).replace(/^\uFEFF/, '')
    const path = resolve(file)
    const host = chosen.host ?? (await defaultHost(path))
    const modes = decoratorModes(path, host)
    const decorators = chosen.decorators ?? modes.decorators
    const metadata = decorators === 'legacy' && modes.metadata
    const { emitted, map, diagnostics } = await explainFile({ ...optionsOfProject(path), source, file, path, host, decorators, metadata })
    const { model } = analyze(source, file, { decorators })
    const range = rangeOf(args.text('method'), source, model, file)
    const pairs = pairLines(source, likeSource(emitted, source), map === undefined ? sameLines(source) : sourceLinesOf(map)).filter(
      ({ line }) => line >= range.from && line <= range.to,
    )
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    return {
      json: { file, host, decorators, source, emitted, lines: pairs, diagnostics },
      exitCode: errors.length > 0 ? EXIT.failed : EXIT.ok,
      text: (style) => [
        ...diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, source)),
        ...(model === undefined && errors.length === 0 ? [`${file} declares no process, so the compiler leaves it as it is.`, ''] : []),
        ...(errors.length > 0 ? [''] : []),
        ...render(pairs, layout, columns ?? style.width, style),
      ],
    }
  },
}

function render(pairs: readonly Pair[], layout: (typeof LAYOUTS)[number], width: number, { paint }: TextStyle): readonly string[] {
  return layout === 'columns' ? inColumns(pairs, width, paint) : stacked(pairs, paint)
}

interface Range {
  readonly from: number
  readonly to: number
}

/** Lines of one method, by what the compiler found; of everything without a name. */
function rangeOf(method: string | undefined, source: string, model: FileModel | undefined, file: string): Range {
  if (method === undefined) return { from: 0, to: Infinity }
  const found = (model?.processes ?? []).flatMap(({ manifest, functions, steps }) => [
    ...functions.map(({ index, body }) => ({ name: manifest.functions[index]?.name, start: body.start, end: body.end })),
    ...steps.map(({ index, name, body }) => ({ name: manifest.steps[index]?.method, start: name.start, end: body.end })),
  ])
  const match = found.find(({ name }) => name === method)
  if (match === undefined) {
    const names = found.flatMap(({ name }) => name ?? [])
    const advice = names.length === 0 ? 'It declares no process that compiles' : `Compiled methods are: ${names.join(', ')}`
    throw new CliError(EXIT.notFound, 'method-not-found', `${file} has no compiled method "${method}". ${advice}.`)
  }
  return { from: lineAt(source, match.start), to: lineAt(source, match.end - 1) }
}

function lineAt(source: string, position: number): number {
  return source.slice(0, position).split('\n').length
}

function oneOf<Value extends string>(option: string, text: string, values: readonly Value[]): Value {
  const value = values.find((known) => known === text)
  if (value === undefined) throw new CliError(EXIT.usage, 'usage', `--${option} is "${text}": give one of ${values.join(', ')}.`)
  return value
}

/** Of text that is the source itself. */
function sameLines(source: string): readonly number[] {
  return source.split('\n').map((_, line) => line)
}
