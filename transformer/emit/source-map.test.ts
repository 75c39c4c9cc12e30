import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodedMappings, TraceMap } from '@jridgewell/trace-mapping'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { transpile } from '../index.ts'

const folder = fileURLToPath(new URL('../../fixtures/compile', import.meta.url))

/**
 * - `legacy-decorators`, `const-enum`: TypeScript lowers them into statements of its own.
 * - `collisions`: user names look generated there.
 */
const cases = readdirSync(folder).filter((name) => !/^legacy-decorators$|^const-enum$|^collisions$/.test(name))

/** Emitted code with its map; a position is an offset into the code, an origin an offset into the source. */
class Compiled {
  readonly source: string
  readonly code: string
  readonly #segments: ReturnType<typeof decodedMappings>
  readonly #codeLines: readonly number[]
  readonly #sourceLines: readonly number[]

  constructor(source: string, compilerOptions: ts.CompilerOptions = {}) {
    const { code, map, diagnostics } = transpile(source, 'input.ts', { ts, compilerOptions })
    expect(diagnostics).toEqual([])
    this.source = source.replace(/^\uFEFF/, '')
    this.code = code
    this.#segments = decodedMappings(new TraceMap(map ?? ''))
    this.#codeLines = lineStarts(code)
    this.#sourceLines = lineStarts(this.source)
  }

  /** Where the code at an offset comes from, if a segment starts exactly there. */
  originAt(offset: number): number | undefined {
    const line = this.#codeLines.findLastIndex((start) => start <= offset)
    const column = offset - (this.#codeLines[line] ?? 0)
    // A segment without a source ends the one before it; the last of several at one place counts.
    const segment = this.#segments[line]?.findLast((candidate) => candidate[0] === column && candidate.length > 1)
    return segment === undefined || segment.length === 1 ? undefined : (this.#sourceLines[segment[2]] ?? 0) + segment[3]
  }

  /** The source, up to the end of its line, that the first code with this text comes from. */
  originOf(text: string): string | undefined {
    const offset = this.code.indexOf(text)
    expect(offset, `"${text}" in the code`).toBeGreaterThanOrEqual(0)
    const origin = this.originAt(offset)
    return origin === undefined ? undefined : this.source.slice(origin).split('\n')[0]
  }

  /** Lines of the code that hold nothing of the user's. */
  get unmappedLines(): ReadonlySet<string> {
    const lines = this.code.split('\n').filter((_, index) => (this.#segments[index] ?? []).length === 0)
    return new Set(lines.map((line) => line.trim()))
  }
}

function lineStarts(text: string): number[] {
  return [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)]
}

/** Identifiers of emitted code that the user wrote. */
function userIdentifiers(code: string): ts.Identifier[] {
  const file = ts.createSourceFile('output.js', code, ts.ScriptTarget.ESNext, true)
  const found: ts.Identifier[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isVariableStatement(node) && /^const \$m\d* = \{\n/.test(node.getText(file))) return
    if (ts.isClassStaticBlockDeclaration(node) && node.getText(file).includes('privates: ')) return
    if (ts.isIdentifier(node) && !isGenerated(node)) found.push(node)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

function isGenerated(node: ts.Identifier): boolean {
  const { parent } = node
  if (node.text.startsWith('$')) return true
  if (ts.isPropertyAccessExpression(parent) && parent.name === node && parent.expression.getText().startsWith('$')) return true
  if (ts.isPropertyAssignment(parent) && parent.name === node && node.text === 'id') return true
  if (isParameterProperty(parent)) return true
  return node.text === 'undefined' && ts.isCallExpression(parent) && parent.expression.getText().startsWith('$')
}

/** `this.log = log`, which TypeScript makes of a parameter property and maps as a whole. */
function isParameterProperty({ parent }: ts.Node): boolean {
  return ts.isBinaryExpression(parent) && /^this\.(\w+) = \1$/.test(parent.getText())
}

describe('source maps', () => {
  test.each(cases)('lead every identifier of "%s" to where the user wrote it', (name) => {
    const compiled = new Compiled(readFileSync(join(folder, name, 'input.ts'), 'utf8'), { target: ts.ScriptTarget.ESNext })
    const identifiers = userIdentifiers(compiled.code)
    expect(identifiers.length).toBeGreaterThan(5)
    const wrong = identifiers.flatMap((identifier) => {
      const start = identifier.getStart()
      const origin = compiled.originAt(start)
      const written = origin === undefined ? undefined : compiled.source.slice(origin, origin + identifier.text.length)
      if (written === identifier.text) return []
      const line = compiled.code.slice(0, start).split('\n').length
      return [`${identifier.text} in line ${line} comes from ${written ?? 'nowhere'}: ${compiled.code.split('\n')[line - 1]?.trim() ?? ''}`]
    })
    expect(wrong).toEqual([])
  })

  const compiled = new Compiled(`import { CatgaProcess, ProcessStep } from 'catga'
@CatgaProcess()
export class P {
  async execute(items: string[]) {
    const first = items[0]!
    const one = await this.step(first)
    const all = await Promise.all(items.map(async (item) => await this.step(item)))
    return { one, all }
  }
  async helper(item: string) {
    return await this.step(item)
  }
  @ProcessStep()
  async step(item: string) {
    if (item === '') return
    const twice = item + item
    if (twice.length > 4) return 'long'
    return twice
  }
}
`)

  test('let breakpoints bind to the user’s statements', () => {
    expect(compiled.originOf('const first = items[0]')).toBe('const first = items[0]!')
    expect(compiled.originOf('const one = ')).toBe('const one = await this.step(first)')
    expect(compiled.originOf('return { one, all }')).toBe('return { one, all }')
    expect(compiled.originOf('const twice')).toBe('const twice = item + item')
  })

  test('let breakpoints bind to a return in a step', () => {
    expect(compiled.originOf('break $b')).toBe('return')
    expect(compiled.originOf("$v = 'long'")).toBe("return 'long'")
    expect(compiled.originOf('$v = twice')).toBe('return twice')
  })

  test('let breakpoints bind to an arrow’s expression body', () => {
    expect(compiled.originOf('return await this.step(...$s1')).toBe('await this.step(item)))')
  })

  test('lead nowhere from generated lines', () => {
    const lines = [
      "import * as $catga from 'catga/emitted';",
      'const $s = $catga.execute(this, $m);',
      'const $s1 = $s.branch(0);',
      '$s1.close();',
      'const $c = $catga.step(this, $m, 0);',
      'if (!$c.runs)',
      'return $c.outcome();',
      'let $v;',
      '$b: {',
      'return $c.failed($e);',
      'return $c.completed($v);',
      'try {',
      'static {',
      '$catga.define(this, $m);',
    ]
    expect(lines.filter((line) => !compiled.unmappedLines.has(line))).toEqual([])
  })
})
