import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { CatgaProcess, NonRetryableError, ProcessStep, stepContext } from 'catga'
import type { World } from './world.ts'

export interface Parcel {
  readonly id: string
  /** Refused parcels are undone. */
  readonly refused: boolean
}

/** Prints a label and ships; a print of `held` and every undo wait for a file to appear. */
@CatgaProcess({ name: 'parcel', id: (parcel: Parcel) => parcel.id })
export class ParcelProcess {
  readonly world: World
  readonly gate: string

  constructor(world: World, gate: string) {
    this.world = world
    this.gate = gate
  }

  async execute(parcel: Parcel): Promise<string> {
    try {
      const label = await this.print(parcel.id)
      console.log(`execute of ${parcel.id} goes on`)
      await this.ship(parcel.id, label, parcel.refused)
      return label
    } finally {
      console.log(`finally of ${parcel.id}`)
    }
  }

  @ProcessStep({ compensate: 'discard' })
  private async print(id: string): Promise<string> {
    await this.world.effect({ order: id, effect: 'print', detail: '', key: stepContext().idempotencyKey })
    if (id === 'held') await this.pass(`print of ${id}`)
    return `label of ${id}`
  }

  protected async discard(label: string, id: string): Promise<void> {
    await this.world.effect({ order: id, effect: 'undo print', detail: label, key: stepContext().idempotencyKey })
    await this.pass(`undo of ${id}`)
  }

  @ProcessStep()
  private async ship(id: string, label: string, refused: boolean): Promise<void> {
    if (refused) throw new NonRetryableError(`${id} was refused`)
    await this.world.effect({ order: id, effect: 'ship', detail: label, key: stepContext().idempotencyKey })
  }

  private async pass(what: string): Promise<void> {
    console.log(`${what} waits`)
    while (!existsSync(this.gate)) await delay(5)
    console.log(`${what} ends`)
  }
}
