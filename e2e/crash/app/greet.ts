/**
 * Greets on a database and prints, one JSON line each, what came of it.
 *
 *   node greet.js <database> <id>…
 */
import { createApp } from 'catga'
import { sqliteJournal } from 'catga/sqlite'
import { GreetingProcess } from './greeting-process.ts'
import { printOutcome } from './print-outcome.ts'

const [database = '', ...ids] = process.argv.slice(2)
const journal = sqliteJournal(database)
await printOutcome(async () => {
  const app = createApp({ journal }).process(GreetingProcess, () => new GreetingProcess())
  try {
    for (const id of ids) await printOutcome(() => app.run(GreetingProcess, id, { id }))
    return 'done'
  } finally {
    await app.close()
  }
})
await journal[Symbol.asyncDispose]()
