import { CatgaProcess, ProcessStep } from 'catga'

@CatgaProcess({ name: 'greeting' })
export class GreetingProcess {
  async execute(name: string): Promise<string> {
    return await this.greet(name)
  }

  @ProcessStep()
  private async greet(name: string): Promise<string> {
    return `Hello, ${name}`
  }
}
