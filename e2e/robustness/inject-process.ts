/** Makes a process file of any file, so that the text back end has something to do in it. */
export interface Injected {
  readonly source: string
  /** Lines of the original, in order; compiled, they must be as they were. */
  readonly lines: readonly string[]
  /** Index of the first of them in the injected source. */
  readonly from: number
}

const PROCESS = `@$Durable()
class $Injected {
  async execute(n: number) {
    return (await this.double(n)) + (await this.double(1))
  }
  @$Step()
  async double(n: number) {
    return n * 2
  }
}`
const IMPORT = "import { CatgaProcess as $Durable, ProcessStep as $Step } from 'catga'"

/** `end`: the class goes behind the file, its import before it. `beginning`: both go before it, with nothing in between. */
export function injectProcess(text: string, fileName: string, place: 'end' | 'beginning'): Injected {
  const isScript = /\.[cm]?jsx?$/.test(fileName)
  const added = isScript ? PROCESS.replaceAll(': number', '') : PROCESS
  const hashbang = /^#!.*(?:\r\n|[\n\r\u2028\u2029])/.exec(text)?.[0] ?? ''
  const body = text.slice(hashbang.length)
  const before = place === 'end' ? `${hashbang}${IMPORT}\n` : `${hashbang}${IMPORT}\n${added}\n`
  const after = place === 'end' ? `\n;${added}\n` : ''
  return { source: before + body + after, lines: linesOf(body), from: linesOf(before).length - 1 }
}

export function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|[\n\r\u2028\u2029]/)
}
