import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { isAlive, ownIdentity } from './process-liveness.ts'

test('this process lives, and one that started at another time under its pid does not', () => {
  const own = ownIdentity()
  expect(isAlive(own)).toBe(true)
  expect(isAlive({ ...own, startedAt: '1' })).toBe(false)
})

test('of another machine nothing is known', () => {
  expect(isAlive({ realm: 'elsewhere', pid: 999_999_999, startedAt: '1' })).toBe(true)
})

test('a process that was killed is dead', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(isAlive({ ...ownIdentity(), pid: child.pid ?? 0 })).toBe(false)
})
