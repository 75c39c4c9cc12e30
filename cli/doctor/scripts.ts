/** The commands that `scripts` of a `package.json` run. */
import { recordOf } from './read-file.ts'

export interface ScriptCommand {
  /** `scripts.build` */
  readonly script: string
  /** The program, without `npx` and the like before it. */
  readonly program: string
  readonly args: readonly string[]
  /** All of the command, environment included. */
  readonly text: string
}

const RUNNERS = new Set(['npx', 'pnpx', 'bunx', 'cross-env', 'dotenv', 'exec', 'time', 'yarn', 'pnpm', 'dlx', '--'])

export function scriptCommands(manifest: Readonly<Record<string, unknown>>): readonly ScriptCommand[] {
  return Object.entries(recordOf(manifest['scripts']) ?? {}).flatMap(([name, script]) =>
    typeof script === 'string' ? script.split(/&&|\|\||[;|&]/).flatMap((part) => command(`scripts.${name}`, part.trim())) : [],
  )
}

function command(script: string, text: string): readonly ScriptCommand[] {
  const words = (text.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? []).map((word) => word.replace(/^(["'])(.*)\1$/, '$2'))
  const start = words.findIndex((word) => !RUNNERS.has(word) && !/^\w+=/.test(word))
  const program = words[start]
  return program === undefined ? [] : [{ script, program: program.split(/[\\/]/).at(-1) ?? program, args: words.slice(start + 1), text }]
}

/** The value of `-p x`, `--project x` or `--project=x`. */
export function optionValue({ args }: ScriptCommand, ...names: readonly string[]): string | undefined {
  for (const [index, arg] of args.entries()) {
    if (names.includes(arg)) return args[index + 1]
    const name = names.find((known) => arg.startsWith(`${known}=`))
    if (name !== undefined) return arg.slice(name.length + 1)
  }
  return undefined
}
