/** Runs a process that fails everywhere and prints, one JSON line each, the stacks a user gets to see. */
import { createApp, MemoryJournalStore, ProcessStuckError } from 'catga'
import { FailingProcess } from './failing-process.ts'

function print(where: string, error: { readonly stack?: string } | undefined): void {
  console.log(JSON.stringify({ where, stack: error?.stack }))
}

const app = createApp({ journal: new MemoryJournalStore() }).process(
  FailingProcess,
  () => new FailingProcess((where, error) => print(where, error as Error)),
)
const handle = await app.start(FailingProcess, undefined)
const settled = await handle.tryResult()
if (!settled.ok && settled.error instanceof ProcessStuckError) print('stuck', settled.error.cause as Error)
for await (const entry of app.client.read(handle)) {
  if ('error' in entry) print(`${entry.kind}${'site' in entry ? ` ${entry.site}` : ''}`, entry.error)
}
await app.close()
