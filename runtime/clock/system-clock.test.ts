import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SystemClock } from './system-clock.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000, toFake: ['Date', 'setTimeout', 'clearTimeout', 'setImmediate'] })
})
afterEach(() => {
  vi.useRealTimers()
})

test('looks at the real clock once per turn, and again after 32 reads', () => {
  const clock = new SystemClock()
  expect(clock.now()).toBe(1_000_000)
  vi.setSystemTime(1_000_050)
  expect(clock.now()).toBe(1_000_000)
  for (let i = 0; i < 30; i++) clock.now()
  expect(clock.now()).toBe(1_000_050)
  vi.setSystemTime(1_000_070)
  vi.advanceTimersToNextTimer()
  expect(clock.now()).toBe(1_000_070)
})

test('stands still when the system clock is set back a little, and follows when it is set back far', () => {
  const clock = new SystemClock()
  const read = (): number => {
    for (let i = 0; i < 32; i++) clock.now()
    return clock.now()
  }
  expect(read()).toBe(1_000_000)
  vi.setSystemTime(999_500)
  expect(read()).toBe(1_000_000)
  vi.setSystemTime(1_000_001)
  expect(read()).toBe(1_000_001)
  vi.setSystemTime(900_000)
  expect(read()).toBe(900_000)
})

test('fires a timer once, after its delay, unless cancelled', () => {
  const clock = new SystemClock()
  const fired: string[] = []
  clock.setTimer(100, () => fired.push('a'))
  clock.setTimer(100, () => fired.push('cancelled'))()
  clock.setTimer(-5, () => fired.push('at once'))
  vi.advanceTimersByTime(99)
  expect(fired).toEqual(['at once'])
  vi.advanceTimersByTime(1000)
  expect(fired).toEqual(['at once', 'a'])
})

test('keeps delays longer than setTimeout can', () => {
  const clock = new SystemClock()
  const days = 24 * 60 * 60 * 1000
  let fired = false
  const cancel = clock.setTimer(60 * days, () => (fired = true))
  vi.advanceTimersByTime(59 * days)
  expect(fired).toBe(false)
  vi.advanceTimersByTime(days)
  expect(fired).toBe(true)
  cancel()
})
