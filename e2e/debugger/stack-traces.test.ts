import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runNode } from '../support/child-process.ts'
import { type CompiledProject, compileProject } from '../support/compiled-project.ts'

const FILE = 'failing-process.ts'

interface Printed {
  readonly where: string
  readonly stack: string
}

let project: CompiledProject
let printed: readonly Printed[]
beforeAll(async () => {
  project = await compileProject(fileURLToPath(new URL('app', import.meta.url)))
  const { code, output } = await runNode(['--enable-source-maps', project.output('stacks.ts')])
  expect(code, output).toBe(0)
  printed = output.split('\n').map((line) => JSON.parse(line) as Printed)
}, 180_000)
afterAll(() => project?.[Symbol.dispose]())

/** The frames of user code in the first stack printed under this heading: `Class.method line`. */
function userFrames(where: string): readonly string[] {
  const stack = printed.find((candidate) => candidate.where === where)?.stack ?? ''
  return stack.split('\n').flatMap((frame) => {
    const match = frame.match(/^ +at (?:async )?(\S+) \((.*):(\d+):\d+\)$/)
    return match?.[2] === project.source(FILE) ? [`${match[1]} ${match[3]}`] : []
  })
}

const at = (method: string, text: string): string => `${method} ${project.line(FILE, text)}`

describe('stacks name the user’s methods at the user’s lines', () => {
  test('first attempt of a step', () => {
    expect(userFrames('attempt-failed charge')).toEqual([
      at('FailingProcess.charge', `Error('charge is declined')`),
      at('FailingProcess.execute', 'await this.charge()'),
    ])
  })

  test('retry of a step, as execute catches it', () => {
    const frames = [at('FailingProcess.charge', `Error('charge is declined for good')`)]
    expect(userFrames('charge, caught in execute')).toEqual(frames)
    expect(userFrames('step-failed charge')).toEqual(frames)
  })

  test('process code: a helper and execute', () => {
    expect(userFrames('compensation-started')).toEqual([
      at('FailingProcess.prepare', `Error('prepare has no plan')`),
      at('FailingProcess.execute', 'await this.prepare()'),
    ])
  })

  test('an undo', () => {
    expect(userFrames('undo-attempt-failed reserve')).toEqual([at('FailingProcess.release', `throw new Error('release`)])
    expect(userFrames('release')).toEqual([at('refusal', 'return new Error(text)'), at('FailingProcess.release', `refusal('release`)])
  })

  test('no frame of compiled output is left', () => {
    const stacks = printed.map(({ stack }) => stack).join('\n')
    expect(stacks).toContain(project.source(FILE))
    expect(stacks).not.toContain(project.output(FILE))
  })
})
