import { expect, test } from 'vitest'
import { FakeClock } from './fake-clock.ts'

test('fires timers in order of time, each at its own time', () => {
  const clock = new FakeClock(0)
  const fired: string[] = []
  clock.setTimer(20, () => fired.push(`b at ${clock.now()}`))
  clock.setTimer(10, () => {
    fired.push(`a at ${clock.now()}`)
    clock.setTimer(5, () => fired.push(`nested at ${clock.now()}`))
  })
  clock.setTimer(10, () => fired.push('cancelled'))()
  clock.setTimer(31, () => fired.push('later'))
  expect(clock.nextTimerAt).toBe(10)
  clock.advance(30)
  expect(fired).toEqual(['a at 10', 'nested at 15', 'b at 20'])
  expect(clock.now()).toBe(30)
  expect(clock.nextTimerAt).toBe(31)
})
