import { expect, test } from 'vitest'
import { StoreUnavailableError } from '../contracts/errors.ts'
import type { JournalEntry } from '../contracts/journal-entry.ts'
import type { InstanceJournal } from '../contracts/journal-store.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { JournalWriter } from './journal-writer.ts'

const ENTRY: JournalEntry = { kind: 'shape', at: 0, shape: 'x' }

/** A writer whose appends wait for the test to answer them, in the order they were made. */
function writerAndAnswers() {
  const asked: { readonly seq: number; readonly accept: () => void; readonly refuse: () => void }[] = []
  const append = (seq: number): Promise<void> =>
    new Promise((resolve, reject) =>
      asked.push({ seq, accept: resolve, refuse: () => reject(new StoreUnavailableError('controlled', 'append')) }),
    )
  const clock = new FakeClock()
  const lost: unknown[] = []
  const writer = new JournalWriter({ append } as unknown as InstanceJournal, 1, 0, clock, (error) => lost.push(error))
  const durable: number[] = []
  const write = (): void => {
    const { seq } = writer
    void writer.append(ENTRY)?.then(() => durable.push(seq))
  }
  const answered = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  return { asked, clock, lost, writer, write, durable, answered }
}

test('a commit that fails while a later one is retried becomes durable as well', async () => {
  const { asked, clock, write, durable, lost, answered } = writerAndAnswers()
  write()
  write()
  asked[1]!.refuse()
  await answered()
  clock.advance(5)
  expect(asked.map(({ seq }) => seq)).toEqual([1, 2, 2])
  asked[0]!.refuse()
  await answered()
  asked[2]!.accept()
  await answered()
  expect(asked.map(({ seq }) => seq)).toEqual([1, 2, 2, 1])
  asked[3]!.accept()
  await answered()
  expect(durable.toSorted()).toEqual([1, 2])
  expect(lost).toEqual([])
})

test('a closed writer tries nothing again and leaves no timer', async () => {
  const { asked, clock, writer, write, answered } = writerAndAnswers()
  write()
  asked[0]!.refuse()
  await answered()
  expect(clock.nextTimerAt).toBeDefined()
  writer.close()
  expect(clock.nextTimerAt).toBeUndefined()
})
