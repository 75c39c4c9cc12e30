/**
 * Starts one parcel without having its code, and waits for its end.
 *
 *   node parcel-client.js <database> <id>
 */
import { createClient } from 'catga'
import { sqliteJournal } from 'catga/sqlite'
import type { ParcelProcess } from './parcel-process.ts'

const [database = '', id = ''] = process.argv.slice(2)
const journal = sqliteJournal(database)
const handle = await createClient({ journal }).process<ParcelProcess>('parcel').start({ id, refused: false }, { id })
console.log(`result of ${id}: ${await handle.result()}`)
await journal[Symbol.asyncDispose]()
