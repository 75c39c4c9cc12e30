import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bundler, BUNDLERS, BundlerProject } from './bundler-project.ts'
import { FORGOTTEN_AWAIT, HELPER, OTHER_HELPER, PROCESS, RANDOM_HELPER } from './greeting.ts'

let project: BundlerProject
beforeAll(async () => {
  project = await BundlerProject.create()
}, 180_000)
afterAll(() => project?.[Symbol.dispose](), 60_000)

const MAIN = `import { createApp, MemoryJournalStore } from 'catga'
import { Greeting } from './greeting.process.ts'

const app = createApp({ journal: new MemoryJournalStore() }).process(Greeting, () => new Greeting())
console.log(await app.run(Greeting, 'ada', { id: 'ada' }))
await app.close()
`

/** A watching bundler, and what its builds came to. */
class Watch implements AsyncDisposable {
  readonly #folder: string
  readonly #build: string
  #builds = 0
  #edited = (): void => {}
  readonly #process: ReturnType<BundlerProject['watch']>

  constructor(bundler: Bundler) {
    this.#folder = `watched-${bundler}`
    this.#build = `watch-${bundler}`
    project.host.copy(project.host.file('undecorated', 'tsconfig.json'), `${this.#folder}/tsconfig.json`)
    this.edit('main.ts', MAIN)
    this.edit('helper.ts', HELPER)
    this.edit('greeting.process.ts', FORGOTTEN_AWAIT)
    this.#process = project.watch(bundler, { name: this.#build, folder: this.#folder, entries: ['main'] })
  }

  edit(file: string, text: string): void {
    this.#edited = () => this.edit(file, text)
    project.host.write(`${this.#folder}/${file}`, text)
  }

  read(file: string): string {
    return project.host.read(`${this.#folder}/${file}`)
  }

  /**
   * Resolves when a build came to this, which may be the one after the next: tools see a file while it is written. An edit just after
   * a build may be seen by nobody, because the tool is about to watch; then it is done again.
   */
  async comesTo(errors: RegExp): Promise<void> {
    const again = setInterval(() => this.#edited(), 3000)
    using _ = { [Symbol.dispose]: () => clearInterval(again) }
    for (;;) {
      const [, found = ''] = await this.#process.line(new RegExp(`^built ${++this.#builds} (.*)`))
      if (errors.test(found)) return
    }
  }

  async output(): Promise<string> {
    const { output } = await project.host.run([`${project.output(this.#build)}/main.mjs`])
    return output
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]()
  }
}

const GOOD = /^\[\]$/

describe('a watching build', () => {
  test.each(BUNDLERS)('of %s fails, and recovers with the edit that mends it', async (bundler) => {
    await using watch = new Watch(bundler)
    await watch.comesTo(/CATGA110/)
    watch.edit('greeting.process.ts', PROCESS)
    await watch.comesTo(GOOD)
    expect(await watch.output()).toBe('HELLO ADA')

    // Only the helper changes, and the process is looked at again.
    watch.edit('helper.ts', RANDOM_HELPER)
    await watch.comesTo(/CATGA\d+: .*Math\.random/)
    watch.edit('helper.ts', OTHER_HELPER)
    await watch.comesTo(GOOD)
    expect(await watch.output()).toBe('hello ada!')

    // Legacy decorators cannot be on #private methods.
    const tsconfig = watch.read('tsconfig.json')
    watch.edit('tsconfig.json', tsconfig.replace('"experimentalDecorators":false', '"experimentalDecorators":true'))
    await watch.comesTo(/CATGA118/)
    watch.edit('tsconfig.json', tsconfig)
    await watch.comesTo(GOOD)
    expect(await watch.output()).toBe('hello ada!')
  })
})
