/**
 * A worker that says what it does, starts the parcels it is given and stays until it is stopped.
 *
 *   node parcel-worker.js <database> <effects> <gate> <parcels as JSON>
 */
import { createApp } from 'catga'
import { sqliteJournal } from 'catga/sqlite'
import { type Parcel, ParcelProcess } from './parcel-process.ts'
import { spokenStore } from './spoken-store.ts'
import { World } from './world.ts'

const [database = '', effects = '', gate = '', parcels = '[]'] = process.argv.slice(2)
const world = new World(effects, 0)
const app = createApp({ journal: spokenStore(sqliteJournal(database)), leaseMs: 600, pollMs: 50 }).process(
  ParcelProcess,
  () => new ParcelProcess(world, gate),
)
await app.open()
console.log('open')
for (const parcel of JSON.parse(parcels) as readonly Parcel[]) {
  void app.tryRun(ParcelProcess, parcel).then((settled) => {
    console.log(`result of ${parcel.id}: ${settled.ok ? settled.value : settled.error.message}`)
  })
}
