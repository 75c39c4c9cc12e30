/** Wrong use of the decorators is a type error in the editor, in both decorator modes and every supported TypeScript. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

const COMPILERS = [
  ['5.9', '../node_modules/typescript5/bin/tsc'],
  ['6', '../node_modules/typescript/bin/tsc'],
  ['7', '../node_modules/typescript7/bin/tsc'],
] as const

/** What the compiler reports, one line per error; nothing when it accepts the project. */
async function errorsOf(compiler: string, project: string): Promise<string> {
  try {
    await run(process.execPath, [path(compiler), '--project', path(project), '--pretty', 'false'])
    return ''
  } catch (error) {
    return (error as { readonly stdout?: string }).stdout ?? String(error)
  }
}

test.each(COMPILERS.flatMap(([version, compiler]) => (['standard', 'legacy'] as const).map((mode) => [version, mode, compiler] as const)))(
  'TypeScript %s, %s decorators',
  async (_, mode, compiler) => {
    expect(await errorsOf(compiler, `decorator-types/tsconfig.${mode}.json`)).toBe('')
  },
  60_000,
)
