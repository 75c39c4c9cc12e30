import { CatgaProcess, NonRetryableError, ProcessStep } from 'catga'

export interface Parcel {
  readonly id: string
  readonly weight: number
}

/** Too heavy a parcel is refused and given back; a negative weight is a bug. */
@CatgaProcess({ name: 'parcel', id: (parcel: Parcel) => parcel.id })
export class ParcelProcess {
  async execute(parcel: Parcel): Promise<string> {
    await this.collect(parcel.id)
    if (parcel.weight < 0) throw new RangeError(`weight ${parcel.weight}`)
    return this.deliver(parcel)
  }

  @ProcessStep({ compensate: 'giveBack' })
  private async collect(id: string): Promise<{ readonly shelf: string }> {
    return { shelf: `shelf of ${id}` }
  }

  async giveBack(_collected: { readonly shelf: string }): Promise<void> {}

  @ProcessStep()
  private async deliver(parcel: Parcel): Promise<string> {
    if (parcel.weight > 30) throw new NonRetryableError(`${parcel.id} is too heavy`)
    return `delivered ${parcel.id}`
  }
}
