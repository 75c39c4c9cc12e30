import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeDiagnostic, ModuleCompiler } from './module-compiler.ts'

const SOURCE = `import { CatgaProcess, ProcessStep } from 'catga'
@CatgaProcess()
export class P {
  async execute() {
    this.ship()
  }
  @ProcessStep()
  async ship() {}
}
`

test.each([
  ['without', ''],
  ['with', '\uFEFF'],
])('says where a mistake is in a file %s a byte order mark', (_, mark) => {
  const file = join(import.meta.dirname, 'p.process.ts')
  const [found, ...others] = new ModuleCompiler({ decorators: 'standard' }).compile(mark + SOURCE, file)?.diagnostics ?? []
  if (found === undefined) throw new Error('Nothing was found.')
  expect(others).toEqual([])
  expect(describeDiagnostic(found, mark + SOURCE)).toContain('p.process.ts(5,5): error CATGA110: ')
  expect(describeDiagnostic(found, mark + SOURCE)).toMatch(/> 5 \| {5}this\.ship\(\)\n {4}\| {5}\^{11}$/m)
})
