import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as swc from '@swc/core'
import type { Options, Output } from '@swc/core'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileText } from '../text-compile.ts'
import type { CompiledProcess } from './process-job.ts'
import { createTransforms, onWarning } from './index.ts'

const SOURCE = `import { CatgaProcess, ProcessStep, sleep } from 'catga'
import { Tag } from './tag.js'

@Tag
@CatgaProcess()
export class Greeting {
  async execute(name: string): Promise<string> {
    const greeting = await this.greet(name)
    const all = await Promise.all([greeting, name].map(async (part) => await this.greet(part)))
    return all.join(greeting)
  }

  @Tag
  @ProcessStep()
  private async greet(who: string): Promise<string> {
    if (who === '') throw new Error('nobody')
    return 'Hello ' + who
  }
}
`

let folder = ''
let compiled: CompiledProcess[] = []
const { transformSync, transform, transformFileSync } = createTransforms({ onCompiled: (one) => compiled.push(one) })

beforeAll(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'catga-swc-'))
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

function write(name: string, content: string | object): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

function typescript(transformOptions: object, more: object = {}): Options {
  return { jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true }, transform: transformOptions, ...more } }
}

/** How swc lowered what is not ours. */
function lowering({ code }: Output): string {
  const metadata = code.includes('design:type') ? ' with metadata' : ''
  if (code.includes('_ts_decorate')) return `legacy${metadata}`
  return /_apply_decs_(\d+)/.exec(code)?.[1] ?? 'none'
}

describe('decorators are lowered as swc is told to', () => {
  const legacy = { legacyDecorator: true, decoratorMetadata: true }
  test.each([
    { name: 'options', files: {}, options: typescript({ decoratorVersion: '2022-03' }), is: '2203' },
    { name: 'options-2023', files: {}, options: typescript({ decoratorVersion: '2023-11' }), is: '2311' },
    { name: 'default-of-typescript', files: {}, options: typescript({}), is: 'legacy' },
    { name: 'beside', files: { '.swcrc': typescript(legacy) }, options: {}, is: 'legacy with metadata' },
    { name: 'above', files: { '.swcrc': typescript(legacy), 'src/package.json': {} }, options: {}, is: 'legacy with metadata' },
    {
      name: 'nearest',
      files: { '.swcrc': typescript(legacy), 'src/.swcrc': typescript({ decoratorVersion: '2023-11' }) },
      options: {},
      is: '2311',
    },
    {
      name: 'options-win',
      files: { 'src/.swcrc': typescript(legacy) },
      options: typescript({ legacyDecorator: false, decoratorMetadata: false, decoratorVersion: '2022-03' }),
      is: '2203',
    },
    {
      name: 'switched-off',
      files: { 'src/.swcrc': typescript(legacy) },
      options: { ...typescript({ decoratorVersion: '2022-03' }), swcrc: false },
      is: '2203',
    },
    {
      name: 'comments',
      files: { 'src/.swcrc': `// hello\n{ /* there */ "jsc": ${JSON.stringify(typescript(legacy).jsc)}, }` },
      options: {},
      is: 'legacy with metadata',
    },
    {
      name: 'list',
      files: {
        'src/.swcrc': [
          { test: String.raw`\.js$` },
          { test: ['.*'], exclude: [String.raw`other\.ts$`], ...typescript({ decoratorVersion: '2022-03' }) },
        ],
      },
      options: {},
      is: '2203',
    },
    {
      name: 'env',
      files: {
        'src/.swcrc': {
          env: { targets: { node: '20' } },
          jsc: { parser: { syntax: 'typescript', decorators: true }, transform: { decoratorVersion: '2022-03' } },
        },
      },
      options: {},
      is: '2203',
    },
  ])('$name', ({ name, files, options, is }) => {
    for (const [file, content] of Object.entries(files)) write(`${name}/${file}`, content)
    const filename = write(`${name}/src/greeting.ts`, SOURCE)
    const output = transformSync(SOURCE, { root: join(folder, name), ...options, filename })
    expect(output.code).toContain('catga/emitted')
    expect(lowering(output)).toBe(is)
    expect(transformFileSync(filename, { root: join(folder, name), ...options })).toEqual(output)
    // What is not ours is lowered as it would have been without us.
    const plain = SOURCE.replace("import { CatgaProcess, ProcessStep, sleep } from 'catga'", '').replaceAll(
      /@(?:CatgaProcess|ProcessStep)\(\)/g,
      '',
    )
    expect(lowering(swc.transformSync(plain, { root: join(folder, name), ...options, filename }))).toBe(is)
  })

  test('configFile names one, wherever it is', () => {
    const configFile = write('named/config/swc.json', typescript({ decoratorVersion: '2022-03' }))
    const filename = write('named/src/greeting.ts', SOURCE)
    expect(lowering(transformSync(SOURCE, { filename, configFile, swcrc: false }))).toBe('2203')
    expect(() => transformSync(SOURCE, { filename, configFile: join(folder, 'gone.json') })).toThrowError(/failed to read/)
  })

  test('a file that the configuration leaves out fails as swc fails', () => {
    write('omitted/.swcrc', [{ exclude: ['greeting'], ...typescript({}) }])
    const filename = write('omitted/greeting.ts', SOURCE)
    const message = (run: () => unknown): string => {
      try {
        run()
      } catch (error) {
        return (error as Error).message
      }
      return ''
    }
    const theirs = message(() => swc.transformSync('export {}', { filename }))
    expect(theirs).toMatch(/\.swcrc/)
    expect(message(() => transformSync(SOURCE, { filename })).split('Stack')[0]).toBe(theirs.split('Stack')[0])
  })

  test('without decorators switched on a process needs none, and other decorators are a syntax error of swc', () => {
    const filename = write('bare/greeting.ts', SOURCE)
    const alone = SOURCE.replaceAll('@Tag\n', '')
    expect(transformSync(alone, { filename, swcrc: false }).code).toContain('catga/emitted')
    expect(() => transformSync(SOURCE, { filename, swcrc: false })).toThrowError(/Expression expected|Syntax Error/)
  })

  test('the proposal of 2021 is refused beside other decorators, where swc would end the process', () => {
    const source = SOURCE.replaceAll(/: (?:string|Promise<string>)|private /g, '')
    const filename = write('early/greeting.js', source)
    const options: Options = { filename, swcrc: false, jsc: { target: 'es2022', parser: { syntax: 'ecmascript', decorators: true } } }
    expect(() => transformSync(source, options)).toThrowError(
      expect.objectContaining({
        name: 'SwcHostError',
        code: 'swc-decorators',
        message: expect.stringMatching(/greeting\.js\(4\): .*decoratorVersion to "2022-03"/),
      }),
    )
    expect(transformSync(source.replaceAll('@Tag\n', ''), options).code).toContain('catga/emitted')
  })
})

describe('maps', () => {
  const filename = (): string => join(folder, 'maps', 'greeting.ts')
  const options = (): Options => ({ ...typescript({ decoratorVersion: '2022-03' }), swcrc: false, filename: filename(), sourceMaps: true })

  test.each([
    { name: 'names and content', more: {}, is: { withContent: true } },
    { name: 'a name of its own', more: { sourceFileName: 'src/g.ts' }, is: { sources: ['src/g.ts'], withContent: true } },
    { name: 'a root', more: { sourceRoot: '/root' }, is: { sourceRoot: '/root', withContent: true } },
    { name: 'no content', more: { inlineSourcesContent: false }, is: { withContent: false } },
    { name: 'a place of output', more: { outputPath: join(tmpdir(), 'out', 'a.js') }, is: { withContent: true } },
  ])('are laid out as swc lays them out: $name', ({ more, is }) => {
    const plain = 'export class A { m(a: string) { return a } }\n'
    const theirs = JSON.parse(swc.transformSync(plain, { ...options(), ...more }).map ?? '') as Record<string, unknown>
    const { map } = transformSync(SOURCE, { ...options(), ...more })
    const ours = JSON.parse(map ?? '') as Record<string, unknown>
    expect(Object.keys(ours)).toEqual(Object.keys(theirs))
    expect({ ...ours, sourcesContent: 0, names: 0, mappings: 0 }).toEqual({ ...theirs, sourcesContent: 0, names: 0, mappings: 0 })
    expect(ours['sourcesContent']).toEqual(is.withContent ? [SOURCE] : undefined)
    expect(ours).toMatchObject({
      ...('sources' in is && { sources: is.sources }),
      ...('sourceRoot' in is && { sourceRoot: is.sourceRoot }),
    })
  })

  test.each([
    { name: 'es2022, 2022-03', jsc: {}, transformOptions: { decoratorVersion: '2022-03' } },
    { name: 'es2022, 2023-11', jsc: {}, transformOptions: { decoratorVersion: '2023-11' } },
    { name: 'es2017, legacy', jsc: { target: 'es2017' }, transformOptions: { legacyDecorator: true, decoratorMetadata: true } },
  ])('lead from every identifier of the output to where the user wrote it: $name', ({ jsc, transformOptions }) => {
    const { code, map } = transformSync(SOURCE, { ...options(), ...typescript(transformOptions, jsc) })
    const { lost, found } = strayIdentifiers(code, map ?? '', SOURCE)
    expect(lost).toEqual([])
    // Those that swc itself maps in the text as it was compiled, every one.
    const text = compileText(SOURCE, 'greeting.ts', { decorators: 'legacyDecorator' in transformOptions ? 'legacy' : 'standard' }).code
    const plain = swc.transformSync(text, { ...options(), ...typescript(transformOptions, jsc) })
    const alone = strayIdentifiers(plain.code, plain.map ?? '', text)
    expect([...alone.found].filter((name) => new RegExp(String.raw`\b${name}\b`).test(SOURCE) && !found.has(name))).toEqual([])
  })

  test('lead on to what the source was made of', () => {
    const before = `// two\n// lines more\n${SOURCE}`
    const mappings = `;;${SOURCE.split('\n')
      .map(() => 'AACA')
      .join(';')}`
      .slice(2)
      .replace('AACA', 'AAEA')
    const inputSourceMap = JSON.stringify({ version: 3, sources: ['greeting.orig'], sourcesContent: [before], names: [], mappings })
    const lineThrown = SOURCE.slice(0, SOURCE.indexOf('throw new')).split('\n').length
    const comment = `${SOURCE}//# sourceMappingURL=data:application/json;base64,${Buffer.from(inputSourceMap).toString('base64')}\n`
    for (const output of [transformSync(SOURCE, { ...options(), inputSourceMap }), transformSync(comment, options())]) {
      const map = new TraceMap(output.map ?? '')
      expect(map.sources).toEqual(['greeting.orig'])
      expect(map.sourcesContent).toEqual([before])
      const lines = output.code.split('\n')
      const thrown = lines.findIndex((line) => line.includes("throw new Error('nobody')"))
      const at = originalPositionFor(map, { line: thrown + 1, column: lines[thrown]!.indexOf('throw') })
      expect(at).toMatchObject({ source: 'greeting.orig', line: lineThrown + 2 })
    }
    const ignored = transformSync(comment, { ...options(), inputSourceMap: false })
    expect(new TraceMap(ignored.map ?? '').sources).toEqual([filename()])
    expect(() => transformSync(SOURCE, { ...options(), inputSourceMap: 'no map' })).toThrowError()
  })
})

/** Every identifier of the output that the map leads from: it must lead to the same name. */
function strayIdentifiers(
  code: string,
  json: string,
  source: string,
): { readonly lost: readonly string[]; readonly found: ReadonlySet<string> } {
  const map = new TraceMap(json)
  const lines = source.split('\n')
  const file = ts.createSourceFile('a.js', code, ts.ScriptTarget.ESNext, true)
  const lost: string[] = []
  const found = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && new RegExp(String.raw`\b${node.text.replace(/^\$/, String.raw`\$`)}\b`).test(source)) {
      const { line, character } = file.getLineAndCharacterOfPosition(node.getStart(file))
      const origin = originalPositionFor(map, { line: line + 1, column: character })
      const text = origin.line === null ? undefined : lines[origin.line - 1]!.slice(origin.column)
      if (text?.startsWith(node.text) === true) found.add(node.text)
      else if (origin.name === node.text) lost.push(`${node.text} in line ${line + 1} leads to "${text?.slice(0, 20) ?? ''}"`)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return { lost, found }
}

describe('what is told of a process', () => {
  test('its mistakes, before they are thrown, and the files it read', async () => {
    compiled = []
    write('told/helper.ts', 'export function price(): number {\n  return 1\n}\n')
    const wrong = SOURCE.replace('private async greet', 'private greet').replace("'./tag.js'", "'./helper.js'")
    const filename = write('told/greeting.ts', wrong)
    await expect(transform(wrong, { ...typescript({ decoratorVersion: '2022-03' }), swcrc: false, filename })).rejects.toMatchObject({
      name: 'ProcessCompileError',
      code: 'CATGA101',
      file: filename,
      line: 15,
      column: 11,
    })
    expect(compiled).toMatchObject([{ fileName: filename, diagnostics: [{ code: 'CATGA101', severity: 'error' }] }])
  })

  test('a syntax tree with a process is refused', async () => {
    const tree = swc.parseSync(SOURCE, { syntax: 'typescript', decorators: true })
    await expect(transform(tree, {})).rejects.toMatchObject({ name: 'SwcHostError', code: 'swc-syntax-tree' })
  })

  test('what is neither text nor tree is refused by swc, in its words', async () => {
    for (const wrong of [undefined, Buffer.from('1')] as unknown as string[]) {
      const theirs: unknown = await swc.transform(wrong).catch((error: unknown) => error)
      await expect(transform(wrong)).rejects.toThrow((theirs as Error).message)
    }
  })

  test('a file whose name does not say what it is in is compiled all the same', () => {
    const options = typescript({ decoratorVersion: '2022-03' })
    const alone = SOURCE.replaceAll('@Tag\n', '')
    expect(transformSync(alone, { ...options, swcrc: false, filename: join(folder, 'component.vue') }).code).toContain('catga/emitted')
    expect(transformSync(alone, { ...options, swcrc: false }).code).toContain('catga/emitted')
    expect(transformSync(`\uFEFF${alone}`, { ...options, swcrc: false }).code).toContain('catga/emitted')
  })

  test('its warnings go to who asks for them', () => {
    const texts: string[] = []
    onWarning((_, text) => texts.push(text))
    const source = SOURCE.replace('return all.join', "if (process.env['LOUD'] === 'yes') return 'loud'; return all.join")
    const plain = createTransforms()
    plain.transformSync(source.replaceAll('@Tag\n', ''), { swcrc: false, filename: join(folder, 'warned.ts') })
    onWarning(undefined)
    expect(texts).toEqual([expect.stringMatching(/warned\.ts\(\d+,\d+\): warning CATGA129: /)])
  })
})
