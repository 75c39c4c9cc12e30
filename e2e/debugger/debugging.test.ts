import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CompiledProject, compileProject } from '../support/compiled-project.ts'
import { DebugSession, type Stop } from './debug-session.ts'

const FILE = 'order-process.ts'

let project: CompiledProject
beforeAll(async () => {
  project = await compileProject(fileURLToPath(new URL('app', import.meta.url)))
}, 180_000)
afterAll(() => project?.[Symbol.dispose]())

const line = (text: string): number => project.line(FILE, text)

/** Starts the program with a breakpoint on the line that holds `text`, and runs to it. */
async function debug(address: string, text: string): Promise<DebugSession> {
  const session = await DebugSession.start(project.output('main.ts'), [address])
  await session.breakAt(project.output(FILE), project.source(FILE), line(text))
  return session
}

const at = (text: string, functionName: string) => ({ file: project.source(FILE), line: line(text), functionName })

/** Steps over until the program has left the function; answers the lines stopped at, repeated stops in one line as one. */
async function linesTo(session: DebugSession, first: Stop | undefined, last: number): Promise<readonly number[]> {
  const lines: number[] = []
  for (let stop = first; stop !== undefined; stop = await session.stepOver()) {
    if (lines.at(-1) !== stop.line) lines.push(stop.line)
    if (stop.line === last) break
  }
  return lines
}

describe('stepping over', () => {
  test('visits the lines of execute in the order they run, loops and branches included', async () => {
    await using session = await debug('Road 1', 'const total =')
    const lines = await linesTo(session, await session.resume(), line('return { id'))
    const loop = ['const price of', 'labels.push(']
    const texts = [
      'const total =',
      'const reservation =',
      'const labels:',
      ...loop,
      ...loop,
      'const price of',
      'const weights =',
      'const paid = await this.pay(',
      `order.address === ''`,
      'await this.ship(',
      'return { id',
    ]
    expect(lines).toEqual(texts.map(line))
    expect(await session.locals()).toMatchObject({ total: 42, reservation: 'A-2', paid: 47 })
    expect(await session.evaluate('[order.id, labels.join(), weights.join()]')).toEqual(['A-1', 'A-2/30,A-2/12', '12,12'])
  })

  test('an await in a step stays in the step', async () => {
    await using session = await debug('Road 1', 'const prefix =')
    const lines = await linesTo(session, await session.resume(), line('return `${prefix}'))
    expect(lines).toEqual(['const prefix =', 'await nextTurn() // reserve', 'return `${prefix}'].map(line))
    expect(await session.locals()).toMatchObject({ id: 'A-1', places: 2, prefix: 'A' })
  })
})

describe('stepping into', () => {
  test('a step call goes to the first line of its body, and out of it back to execute', async () => {
    await using session = await debug('Road 1', 'const reservation =')
    expect(await session.resume()).toMatchObject(at('const reservation =', 'execute'))
    expect(await session.stepInto()).toMatchObject(at('const prefix =', 'reserve'))
    expect(session.userFrames().map(({ functionName, line }) => [functionName, line])).toEqual([
      ['reserve', line('const prefix =')],
      ['execute', line('const reservation =')],
    ])
    expect(await session.locals()).toMatchObject({ id: 'A-1', places: 2 })
    const back = await session.stepOut()
    expect(back?.functionName).toBe('execute')
    expect([line('const reservation ='), line('const labels:')]).toContain(back?.line)
  })

  test('a helper that makes durable calls goes to its first line, and on into the step it calls', async () => {
    await using session = await debug('Road 1', 'const paid = await this.pay(')
    await session.resume()
    expect(await session.stepInto()).toMatchObject(at('const fee =', 'pay'))
    expect(await session.locals()).toMatchObject({ id: 'A-1', total: 42 })
    expect(await session.stepOver()).toMatchObject(at('const paid = await this.charge(', 'pay'))
    expect(await session.locals()).toMatchObject({ fee: 5 })
    expect(await session.stepInto()).toMatchObject(at('const { attempt }', 'charge'))
    expect(await session.locals()).toMatchObject({ id: 'A-1', amount: 47 })
  })
})

describe('breakpoints', () => {
  test('in a step stop at every attempt', async () => {
    await using session = await debug('Road 1', 'if (attempt === 1)')
    for (const attempt of [1, 2]) {
      expect(await session.resume()).toMatchObject(at('if (attempt === 1)', 'charge'))
      expect(await session.locals()).toMatchObject({ attempt, id: 'A-1', amount: 47 })
    }
    expect(await session.resume()).toBeUndefined()
    expect(session.process.output).toContain('paid 47')
  })

  test('in a closure stop at every call of it', async () => {
    await using session = await debug('Road 1', 'return weight * 2')
    for (const text of ['A-2/30', 'A-2/12']) {
      expect(await session.resume()).toMatchObject({ line: line('return weight * 2') })
      expect(await session.evaluate('[text, weight]')).toEqual([text, 6])
    }
    expect(await session.resume()).toBeUndefined()
  })

  test('in a compensation stop in it, with its arguments, and step through it', async () => {
    await using session = await debug('', 'const message =')
    expect(await session.resume()).toMatchObject(at('const message =', 'release'))
    expect(await session.locals()).toMatchObject({ reservation: 'A-2', id: 'A-1' })
    expect(await session.stepOver()).toMatchObject(at('await nextTurn() // release', 'release'))
    expect(await session.stepOver()).toMatchObject(at('console.log(message)', 'release'))
    expect(await session.locals()).toMatchObject({ message: 'release A-2 of A-1' })
    expect(await session.resume()).toBeUndefined()
    expect(session.process.output).toMatch(/release A-2 of A-1\n.*no address for A-1/)
  })

  test('on each line of process code with a call stop on that line', async () => {
    const texts = [
      'const total =',
      'const reservation =',
      'labels.push(',
      'const weight =',
      'const fee =',
      'await this.ship(',
      'return { id',
    ]
    await using session = await debug('Road 1', 'const total =')
    for (const text of texts.slice(1)) await session.breakAt(project.output(FILE), project.source(FILE), line(text))
    const stopped = new Set<number>()
    for (let stop = await session.resume(); stop !== undefined; stop = await session.resume()) stopped.add(stop.line)
    expect([...stopped]).toEqual(texts.map(line))
  })
})
