import { CatgaProcess, ProcessStep, stepContext } from 'catga'

@CatgaProcess({ name: 'failing', retry: { attempts: 2, backoffMs: 1 } })
export class FailingProcess {
  readonly report: (where: string, error: unknown) => void

  constructor(report: (where: string, error: unknown) => void) {
    this.report = report
  }

  async execute(): Promise<void> {
    await this.reserve()
    try {
      await this.charge()
    } catch (error) {
      this.report('charge, caught in execute', error)
    }
    await this.prepare()
  }

  private async prepare(): Promise<void> {
    await this.reserve()
    throw new Error('prepare has no plan')
  }

  @ProcessStep({ compensate: 'release' })
  private async reserve(): Promise<string> {
    return 'R-1'
  }

  protected async release(): Promise<void> {
    await nextTurn()
    this.report('release', refusal('release is refused'))
    throw new Error('release is refused')
  }

  @ProcessStep()
  private async charge(): Promise<void> {
    const { attempt } = stepContext()
    await nextTurn()
    if (attempt > 1) throw new Error('charge is declined for good')
    throw new Error('charge is declined')
  }
}

function refusal(text: string): Error {
  return new Error(text)
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
