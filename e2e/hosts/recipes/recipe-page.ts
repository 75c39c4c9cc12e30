import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HostProject } from '../../support/host-project.ts'
import { packageRoot } from '../../support/package-root.ts'

/** A command of a page: `NODE_OPTIONS="--import x" npx nest build`. */
export interface RecipeCommand {
  readonly env: Readonly<Record<string, string>>
  /** What is run: `npx nest build` is `nest` with `build`. */
  readonly program: string
  readonly args: readonly string[]
}

/** A page in `docs/hosts`: what its reader copies is what the tests write and run. */
export class RecipePage {
  readonly #name: string
  readonly #blocks: ReadonlyMap<string, string>

  /** @param name of the page, without `.md` */
  constructor(name: string) {
    this.#name = name
    const text = readFileSync(join(packageRoot, 'docs', 'hosts', `${name}.md`), 'utf8')
    const fences = text.matchAll(/^```(?:ts|js|json|toml) (\S+)\n([\s\S]*?)^```$/gm)
    this.#blocks = new Map([...fences].map(([, title = '', code = '']) => [title, code]))
    this.#commands = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, lines = '']) => lines.trim().split('\n'))
  }

  readonly #commands: readonly string[]

  /** The block with this title: a file's name, or one and what tells it from others of that name, `nest-cli.json:swc`. */
  block(title: string): string {
    const block = this.#blocks.get(title)
    if (block === undefined) throw new Error(`docs/hosts/${this.#name}.md has no block "${title}".`)
    return block
  }

  /** Writes blocks into a project, each under its file's name. */
  write(project: HostProject, ...titles: readonly string[]): void {
    for (const title of titles) project.write(title.replace(/:.*/, ''), this.block(title))
  }

  /** The one command of the page that starts so. */
  command(start: string): RecipeCommand {
    const [found, ...others] = this.#commands.filter((line) => line.startsWith(start))
    if (found === undefined || others.length > 0) throw new Error(`docs/hosts/${this.#name}.md has not one command "${start}".`)
    return parseCommand(found)
  }
}

function parseCommand(line: string): RecipeCommand {
  const words = (line.match(/(?:[^\s"]|"[^"]*")+/g) ?? []).map((word) => word.replaceAll('"', ''))
  const isVariable = (word: string): boolean => /^[A-Z_]+=/.test(word)
  const env = Object.fromEntries(
    words.filter(isVariable).map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
  )
  const [program = '', ...args] = words.filter((word) => !isVariable(word) && word !== 'npx')
  return { env, program, args }
}
