/** What only standard decorators allow; see `both-modes.ts`. */
import { CatgaProcess, ProcessStep } from '../../runtime/process/decorators.ts'

@CatgaProcess()
export class PrivateSteps {
  async execute(count: number): Promise<number> {
    return await this.#add(count)
  }
  @ProcessStep({ compensate: '#subtract' })
  async #add(count: number): Promise<number> {
    return count + 1
  }
  #subtract(): void {}
  protected undo(): void {
    this.#subtract()
  }
}

export const Expression =
  @CatgaProcess({ name: 'expression' })
  class {
    async execute(): Promise<void> {}
  }
