/**
 * An OS process that is killed and started again: `node recovery-worker.js <database> <effects> <instances>`.
 * Every body notes itself in a file before it does anything else: that file survives what the process does not.
 */
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { CatgaProcess, createApp, ProcessStep } from 'catga'
import { sqliteJournal } from 'catga/sqlite'

const [database = '', effects = '', instances = '0', stepMs = '0'] = process.argv.slice(2)

@CatgaProcess()
export class Delivery {
  async execute(order: number): Promise<string> {
    const packed = await this.pack(order)
    const carried = await this.carry(packed)
    const signed = await this.sign(carried)
    return signed
  }

  @ProcessStep()
  private async pack(order: number): Promise<string> {
    appendFileSync(effects, `pack ${order}\n`)
    return `parcel ${order}`
  }

  /** The long one, which the kill meets. */
  @ProcessStep()
  private async carry(parcel: string): Promise<string> {
    appendFileSync(effects, `carry ${parcel}\n`)
    await sleep(Number(stepMs))
    return parcel
  }

  @ProcessStep()
  private async sign(parcel: string): Promise<string> {
    appendFileSync(effects, `sign ${parcel}\n`)
    return `signed ${parcel}`
  }
}

const app = createApp({ journal: sqliteJournal(database) }).process(Delivery, () => new Delivery())
const orders = Array.from({ length: Number(instances) }, (_, order) => order)
const handles = await Promise.all(orders.map((order) => app.start(Delivery, order, { id: `order ${order}` })))
console.log('started')
await Promise.all(handles.map((handle) => handle.result()))
console.log('done')
await app.close()
