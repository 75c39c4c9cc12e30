/** Processes that wait, and note when their waiting was over. */
import { CatgaProcess, defineSignal, ProcessStep, sleep, waitFor } from 'catga'

export const go = defineSignal<number>('go')

export class Notes {
  readonly ms: number[] = []
}

@CatgaProcess()
export class Signalled {
  private readonly notes: Notes

  constructor(notes: Notes) {
    this.notes = notes
  }

  async execute(_number: number): Promise<void> {
    const sentAt = await waitFor(go)
    await this.note(sentAt)
  }

  @ProcessStep()
  private async note(sentAt: number): Promise<void> {
    this.notes.ms.push(performance.now() - sentAt)
  }
}

@CatgaProcess()
export class Sleeper {
  private readonly notes: Notes

  constructor(notes: Notes) {
    this.notes = notes
  }

  async execute(until: number): Promise<void> {
    await sleep(new Date(until))
    await this.note(until)
  }

  @ProcessStep()
  private async note(until: number): Promise<void> {
    this.notes.ms.push(Date.now() - until)
  }
}
