/** Input that nobody writes: it is compiled or passed through, and never a crash of the compiler. */
import { describe, expect, test } from 'vitest'
import { ModuleCompiler } from '../../transformer/hosts/module-compiler.ts'
import { compileText } from '../../transformer/index.ts'
import { parse } from '../../transformer/parse/parse.ts'
import { parseWithTypeScript } from './syntax-spans.ts'

const PROCESS = `import { CatgaProcess, ProcessStep } from 'catga'

@CatgaProcess()
export class Order {
  async execute(n: number) {
    return this.ship(ARGUMENT)
  }

  @ProcessStep()
  async ship(n: number) {
    return n
  }
}
`
const plain = PROCESS.replace('ARGUMENT', 'n')
const nested = (open: string, middle: string, close: string, count: number): string => open.repeat(count) + middle + close.repeat(count)

interface Hostile {
  readonly title: string
  readonly source: string
  readonly fileName?: string
  /** `untouched` is the very same string; `either` leaves it to how much the parser can make of it. */
  readonly outcome: 'compiled' | 'untouched' | 'either'
}

const UNREADABLE: readonly Hostile[] = [
  { title: 'nothing', source: '', outcome: 'untouched' },
  { title: 'only a byte order mark', source: '\uFEFF', outcome: 'untouched' },
  { title: 'only the names', source: "'catga' CatgaProcess", outcome: 'untouched' },
  { title: 'only a comment', source: `/* ${plain.replaceAll('*/', '')} */`, outcome: 'untouched' },
  { title: 'an unterminated comment', source: `${plain}/* `, outcome: 'either' },
  { title: 'an unterminated string', source: `${plain}const a = 'x`, outcome: 'untouched' },
  { title: 'an unterminated template', source: `${plain}const a = \`x \${`, outcome: 'untouched' },
  { title: 'an unterminated regular expression', source: `${plain}const a = /x`, outcome: 'untouched' },
  { title: 'an unterminated class', source: plain.slice(0, -3), outcome: 'untouched' },
  {
    title: 'merge conflict markers',
    source: plain.replace('    return n\n', '<<<<<<< ours\n    return n\n=======\n    return 1\n>>>>>>> theirs\n'),
    outcome: 'untouched',
  },
  {
    title: 'binary content',
    source: plain + String.fromCharCode(...Array.from({ length: 4096 }, (_, i) => (i * 7919) % 65_536)),
    outcome: 'either',
  },
  { title: 'NUL between tokens', source: plain.replace('return n', 'return\0n'), outcome: 'untouched' },
  { title: 'a declaration file', source: plain, fileName: 'order.d.ts', outcome: 'untouched' },
  { title: 'types in a JavaScript file', source: plain, fileName: 'order.js', outcome: 'untouched' },
  { title: 'a type assertion in a TSX file', source: `${plain}const a = <string>b`, fileName: 'order.tsx', outcome: 'untouched' },
]

const READABLE: readonly Hostile[] = [
  { title: 'NUL in a string', source: `${plain}const a = '\0'`, outcome: 'compiled' },
  { title: 'lone surrogates', source: `${plain}const a = '\uD83D', b = /\uDE00/ // \uD83D`, outcome: 'compiled' },
  { title: 'every line break there is', source: mixedBreaks(plain), outcome: 'compiled' },
  { title: 'carriage returns alone', source: plain.replaceAll('\n', '\r'), outcome: 'compiled' },
  { title: 'one line', source: plain.replaceAll('\n', ' ').replace("'catga'", "'catga';"), outcome: 'compiled' },
  { title: 'a line of 200 KB', source: `${plain}const a = '${'x'.repeat(200_000)}'`, outcome: 'compiled' },
  { title: '300 steps and 900 calls', source: manySteps(300), outcome: 'compiled' },
  { title: 'a file name that says nothing', source: plain, fileName: '', outcome: 'compiled' },
  { title: 'a file name of another kind', source: plain, fileName: 'C:\\orders\\order.vue?type=script', outcome: 'compiled' },
]

const NESTED = [
  ['parentheses', '(', 'n', ')'],
  ['awaits', 'await (', 'n', ')'],
  ['closures', '(() => ', 'n', ')()'],
  ['steps', 'await this.ship(', 'n', ')'],
  ['arrays', '[', 'n', ']'],
  ['objects', '{a:', 'n', '}'],
  ['templates', '`${', 'n', '}`'],
  ['sums', '1 + ', 'n', ''],
  ['members', '', 'n', '.a'],
  ['conditions', 'n ? 1 : ', 'n', ''],
  ['functions', 'function () { return ', 'n', '}'],
] as const

function mixedBreaks(text: string): string {
  const breaks = ['\n', '\r\n', '\r', '\u2028', '\u2029']
  return text
    .split('\n')
    .map((line, index) => line + breaks[index % breaks.length]!)
    .join('')
}

function manySteps(count: number): string {
  const numbers = Array.from({ length: count }, (_, index) => index)
  const calls = numbers.flatMap((n) => [`await this.s${n}(1)`, `await this.s${n}(2)`, `await this.s${n}(3)`]).join('\n')
  const steps = numbers.map((n) => `@ProcessStep() async s${n}(n: number) { return n }`).join('\n')
  return `import { CatgaProcess, ProcessStep } from 'catga'\n@CatgaProcess()\nexport class Many {\nasync execute() {\n${calls}\n}\n${steps}\n}`
}

describe.each([...UNREADABLE, ...READABLE])('$title', ({ source, fileName = 'order.process.ts', outcome }) => {
  test(`is ${outcome}`, () => {
    const { code, map, diagnostics } = compileText(source, fileName)
    expect(diagnostics).toEqual([])
    const found = code === source ? 'untouched' : 'compiled'
    expect([found, 'either']).toContain(outcome)
    expect(map === undefined).toBe(found === 'untouched')
    if (outcome === 'compiled') expect(parseWithTypeScript(code, 'order.process.ts').errors).toEqual([])
    expect(new ModuleCompiler().compile(source, `/nowhere/${fileName}`) === undefined).toBe(found === 'untouched')
  })
})

describe.each(NESTED)('nested %s', (_title, open, middle, close) => {
  const inArgument = (count: number): string => PROCESS.replace('ARGUMENT', nested(open, middle, close, count))
  const inFile = (count: number): string =>
    `${plain}const n = 1, deep = ${nested(open, middle, close, count).replaceAll('this.', '').replaceAll('await', 'void')}\n`

  test.each([100, 250])('%i levels are compiled', (count) => {
    for (const source of [inArgument(count), inFile(count)]) {
      const { code, diagnostics } = compileText(source, 'order.process.ts')
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
      expect(code).not.toBe(source)
    }
  })

  test('10,000 levels are passed through', () => {
    for (const source of [inArgument(10_000), inFile(10_000)]) {
      expect(compileText(source, 'order.process.ts')).toEqual({ code: source, map: undefined, diagnostics: [] })
    }
  })
})

test('a file of 5 MB is compiled, with all of it there', () => {
  const rest = 'function f(a: number) { return a + 1 }\n'.repeat(130_000)
  const { code, map, diagnostics } = compileText(plain + rest, 'order.process.ts')
  expect(diagnostics).toEqual([])
  expect(code.endsWith(rest)).toBe(true)
  expect(map?.sourcesContent[0]?.length).toBe(plain.length + rest.length)
})

test('blocks, types and conditions nested 10,000 levels deep pass through too', () => {
  for (const deep of [
    nested('{', '', '}', 10_000),
    nested('if (plain) {} else ', '{}', '', 10_000),
    `type A = ${nested('B<', 'C', '>', 10_000)}`,
    `class A { a = ${nested('class { a = ', '1', '}', 10_000)} }`,
    `namespace A { ${nested('namespace B {', '', '}', 10_000)} }`,
  ]) {
    expect(compileText(plain + deep, 'order.process.ts').code).toBe(plain + deep)
  }
})

test('what has not been cut off anywhere in it is compiled, and what has been passes through', () => {
  for (let length = 0; length < plain.length; length++) {
    const source = plain.slice(0, length)
    const { code, diagnostics } = compileText(source, 'order.process.ts')
    const isReadable = parse(source, 'order.process.ts') !== undefined
    if (!isReadable) expect(code).toBe(source)
    else expect(code === source || diagnostics.length > 0 || code.includes('catga/emitted')).toBe(true)
  }
})
