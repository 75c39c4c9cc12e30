/** A process in two modules, to be edited while a bundler watches. */
export const PROCESS = `import { CatgaProcess, ProcessStep } from 'catga'
import { shout } from './helper.ts'

@CatgaProcess()
export class Greeting {
  async execute(name: string) {
    return shout(await this.#greet(name))
  }

  @ProcessStep()
  async #greet(name: string) {
    return \`hello \${name}\`
  }
}
`
export const HELPER = `export const shout = (text: string): string => text.toUpperCase()\n`
export const FORGOTTEN_AWAIT = PROCESS.replace('return shout(await this.#greet(name))', 'this.#greet(name)\n    return shout(name)')
export const RANDOM_HELPER = HELPER.replace('text.toUpperCase()', 'text + Math.random()')
export const OTHER_HELPER = HELPER.replace('text.toUpperCase()', 'text + "!"')
