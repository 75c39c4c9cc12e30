import type ts from 'typescript'
import { analyze, formatDiagnostic, transpile, type FileModel } from '../../transformer/index.ts'
import { wholeNumber } from '../arguments.ts'
import { CliError } from '../cli-error.ts'
import type { Command, TextStyle } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
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
    decorators: { type: 'string', value: 'standard|legacy', help: 'legacy: as with "experimentalDecorators"; default standard' },
  },
  needs: 'nothing',
  examples: ['catga explain src/order-process.ts', 'catga explain src/order-process.ts --method execute --layout stacked'],
  async run({ args, readFile }) {
    const file = args.operands[0] ?? ''
    const layout = oneOf('layout', args.text('layout') ?? 'columns', LAYOUTS)
    const decorators = oneOf('decorators', args.text('decorators') ?? 'standard', ['standard', 'legacy'] as const)
    const width = args.text('width')
    const columns = width === undefined ? undefined : wholeNumber('width', width, 40)
    const typescript = await loadTypeScript()
    const source = await readFile(file)
    const { code, map, diagnostics } = transpile(source, file, {
      ts: typescript,
      compilerOptions: { experimentalDecorators: decorators === 'legacy' },
    })
    const { model } = analyze(source, file, { decorators })
    const range = rangeOf(args.text('method'), source, model, file)
    const pairs = pairLines(source, likeSource(code, source), map === undefined ? [] : sourceLinesOf(map)).filter(
      ({ line }) => line >= range.from && line <= range.to,
    )
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    return {
      json: { file, source, emitted: code, lines: pairs, diagnostics },
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

/** TypeScript is an optional peer: who only looks after a store need not have it. */
async function loadTypeScript(): Promise<typeof ts> {
  try {
    const { default: typescript } = await import('typescript')
    if (typeof typescript.transpileModule === 'function') return typescript
  } catch {
    // Told below, together with a TypeScript that has no compiler API.
  }
  throw new CliError(
    EXIT.failed,
    'typescript-missing',
    '"catga explain" needs TypeScript 5.9 or 6 beside catga: npm install --save-dev typescript@6.',
  )
}
