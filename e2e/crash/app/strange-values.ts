/**
 * Starts instances with ids and inputs nobody would choose, and prints what came of each.
 *
 *   node strange-values.js <database>
 */
import { createApp } from 'catga'
import { sqliteJournal } from 'catga/sqlite'
import { GreetingProcess } from './greeting-process.ts'
import { printOutcome } from './print-outcome.ts'

const [database = ''] = process.argv.slice(2)
const journal = sqliteJournal(database)
const app = createApp({ journal }).process(GreetingProcess, () => new GreetingProcess())

const ids = ['', ' ', 'ä/b@c#d=e~f', '\u0000', '\ud800', '\udc00\ud800', '💶', '__proto__', 'a'.repeat(1024), '💶'.repeat(512)]
for (const id of ids) {
  await printOutcome(async () => {
    const greeting = await app.run(GreetingProcess, id, { id })
    const summary = await app.client.get({ process: 'greeting', id })
    return greeting === `Hello, ${id}` && summary?.id === id
  })
}
for (const id of ['a'.repeat(1025), 'a'.repeat(2 ** 20)]) await printOutcome(() => app.run(GreetingProcess, 'x', { id }))

const megabyte = 'é\ud800'.repeat(2 ** 19)
const cycle: Record<string, unknown> = {}
cycle['self'] = cycle
let deep: unknown = 'end'
for (let level = 0; level < 100_000; level++) deep = [deep]
const inputs: readonly unknown[] = [megabyte, () => undefined, Symbol('s'), new GreetingProcess(), cycle, deep]
for (const [number, input] of inputs.entries()) {
  await printOutcome(async () => {
    const greeting = await app.run(GreetingProcess, input as string, { id: `input ${number}` })
    return greeting === `Hello, ${String(input)}`
  })
}
const found: string[] = []
for await (const { id } of app.client.list()) found.push(id)
console.log(JSON.stringify({ value: found.filter((id) => id.startsWith('input')) }))
await app.close()
await journal[Symbol.asyncDispose]()
