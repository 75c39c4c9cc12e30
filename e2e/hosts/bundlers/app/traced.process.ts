import { CatgaProcess, ProcessStep } from 'catga'

export const traced: string[] = []

/** A decorator of somebody else's, for both kinds of decorators. */
function trace(...args: readonly unknown[]): void {
  const [, second] = args
  traced.push(typeof second === 'string' ? second : String((second as { name: string }).name))
}

@CatgaProcess()
export class TracedProcess {
  async execute(name: string): Promise<string> {
    return await this.greet(name)
  }

  @trace
  @ProcessStep()
  async greet(name: string): Promise<string> {
    return `hello ${name}`
  }
}
