/** An OS process that says when its first step began and how much memory it had: `node first-step.js [database]`. */
import { CatgaProcess, createApp, MemoryJournalStore, ProcessStep } from 'catga'

const [database] = process.argv.slice(2)

@CatgaProcess()
export class Hello {
  async execute(): Promise<number> {
    return await this.first()
  }

  @ProcessStep()
  private async first(): Promise<number> {
    console.log(JSON.stringify({ sinceStartMs: performance.now(), residentBytes: process.memoryUsage().rss }))
    return 1
  }
}

const journal = database === undefined ? new MemoryJournalStore() : (await import('catga/sqlite')).sqliteJournal(database)
const app = createApp({ journal }).process(Hello, () => new Hello())
await app.run(Hello, undefined)
await app.close()
await journal[Symbol.asyncDispose]()
