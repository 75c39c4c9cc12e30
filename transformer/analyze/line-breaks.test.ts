import { expect, test } from 'vitest'
import { analyze } from './analyze.ts'

test.each([
  ['U+2028', '\u2028'],
  ['U+2029', '\u2029'],
  ['CR alone', '\r'],
  ['CRLF', '\r\n'],
])('a comment between callee and arguments may end with %s', (_name, lineBreak) => {
  const call = `this.ship // why${lineBreak}(1)`
  const source = `import { CatgaProcess, ProcessStep } from 'catga'\n@CatgaProcess() class P { async execute() { await ${call} }\n@ProcessStep() async ship(n: number) { return n } }`
  const { model, diagnostics } = analyze(source, 'a.ts')
  expect(diagnostics).toEqual([])
  const { args } = model!.processes[0]!.functions[0]!.calls[0]!
  expect(source.slice(args.start, args.end)).toBe('1')
})

test.each(['this!.ship(1)', '(this).ship(1)', '(this as P).ship(1)'])('%s is a call of the step', (call) => {
  const source = `import { CatgaProcess, ProcessStep } from 'catga'\n@CatgaProcess() class P { async execute() { await ${call} }\n@ProcessStep() async ship(n: number) { return n } }`
  const { model, diagnostics } = analyze(source, 'a.ts')
  expect(diagnostics).toEqual([])
  expect(model!.processes[0]!.functions[0]!.calls).toHaveLength(1)
})
