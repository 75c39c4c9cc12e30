import MagicString from 'magic-string'
import { expect, test } from 'vitest'
import { BundledModules } from './bundled-modules.ts'

const SOURCE = `import { CatgaProcess, ProcessStep } from 'catga'
@CatgaProcess()
export class P {
  async execute() { MACRO; this.ship() }
  @ProcessStep()
  async ship() {}
}
`
const file = '/app/p.process.ts'

function edited() {
  const text = new MagicString(SOURCE)
  text.prepend('// generated\n\n')
  text.replace('MACRO', 'void [1,\n 2]')
  return { code: text.toString(), map: text.generateMap({ source: file, includeContent: true, hires: true }) }
}

test('shows what it finds where the user wrote it, in the text of the user', () => {
  const { code, map } = edited()
  const [error, ...others] = new BundledModules({ decorators: 'standard' }).compile(code, file, () => map)?.errors ?? []
  expect(others).toEqual([])
  expect(error).toMatchObject({
    code: 'CATGA110',
    start: { line: 4, column: 28 },
    end: { line: 4, column: 39 },
    bytes: { column: 27, length: 11 },
    line: '  async execute() { MACRO; this.ship() }',
  })
  expect(error?.frame).toContain('> 4 |   async execute() { MACRO; this.ship() }')
})

test('stays in the text it was given where no map leads out of it, or one without the text', () => {
  const { code, map } = edited()
  const startWith = (inputMap?: object) =>
    new BundledModules({ decorators: 'standard' }).compile(code, file, () => inputMap)?.errors[0]?.start
  expect(startWith()).toEqual({ line: 7, column: 6 })
  expect(startWith({ ...map, sourcesContent: [] })).toEqual({ line: 7, column: 6 })
  expect(startWith({ ...map, mappings: '' })).toEqual({ line: 7, column: 6 })
})

test('asks for a map only where something is found', () => {
  const good = SOURCE.replace('MACRO; ', 'await ')
  const asked = new BundledModules({ decorators: 'standard' }).compile(good, file, () => {
    throw new Error('asked')
  })
  expect(asked?.errors).toEqual([])
})
