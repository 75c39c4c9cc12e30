import { CatgaProcess, ProcessStep } from 'catga'

export interface Line {
  readonly sku: string
  readonly count: number
}

/** Told when a replay has caught up: the first body that is not in the journal runs. */
export interface Caught {
  up(): Promise<void>
}

/** As many steps as asked for in sequence, then one that does not end. */
@CatgaProcess()
export class SequentialJournal {
  private readonly caught: Caught

  constructor(caught: Caught) {
    this.caught = caught
  }

  async execute(steps: number): Promise<void> {
    for (let i = 0; i < steps; i++) await this.count('chair', i)
    await this.hold()
  }

  @ProcessStep()
  private async count(sku: string, count: number): Promise<Line> {
    return { sku, count }
  }

  @ProcessStep()
  private async hold(): Promise<void> {
    await this.caught.up()
  }
}

/** The same number of steps in a hundred concurrent branches, then one that does not end. */
@CatgaProcess()
export class ConcurrentJournal {
  private readonly caught: Caught

  constructor(caught: Caught) {
    this.caught = caught
  }

  async execute(steps: number): Promise<void> {
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        for (let i = 0; i < steps / 100; i++) await this.count('chair', i)
      }),
    )
    await this.hold()
  }

  @ProcessStep()
  private async count(sku: string, count: number): Promise<Line> {
    return { sku, count }
  }

  @ProcessStep()
  private async hold(): Promise<void> {
    await this.caught.up()
  }
}
