import process from 'node:process'
import type { OptionSpecs, ParsedArguments } from '../arguments.ts'
import type { Build } from '../build/build-request.ts'
import { SWC_OPTIONS } from '../build/swc-options.ts'
import { TSC7_OPTIONS } from '../build/tsc7-options.ts'
import { CliError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

/** A way of building: its options, and where it lives. A tool is loaded only when its mode is asked for. */
interface BuildMode {
  readonly options: OptionSpecs
  /** Whether it must be told which files; otherwise configuration says so. */
  readonly files: 'required' | 'configured'
  readonly load: () => Promise<Build>
}

const MODES: Readonly<Record<string, BuildMode>> = {
  swc: { options: SWC_OPTIONS, files: 'required', load: async () => (await import('../build/swc.ts')).buildWithSwc },
  tsc7: { options: TSC7_OPTIONS, files: 'configured', load: async () => (await import('../build/tsc7.ts')).buildWithTsc7 },
}

const MODE_FLAGS: OptionSpecs = {
  swc: { type: 'boolean', help: 'compile as @swc/cli does, with the .swcrc of the project' },
  tsc7: { type: 'boolean', help: 'check and compile as TypeScript 7 does, with the tsconfig.json of the project' },
}

/** Compiles a source tree, processes included, by another compiler than tsc through ts-patch. */
export const build: Command = {
  name: 'build',
  summary: 'compile a source tree, processes included',
  operands: ['[dirs-or-files...]'],
  options: Object.assign({}, MODE_FLAGS, ...Object.values(MODES).map(({ options }) => options)),
  needs: 'nothing',
  examples: [
    'catga build --swc src -d dist',
    'catga build --swc src -d dist --strip-leading-paths --source-maps --watch',
    'catga build --tsc7 -p tsconfig.build.json',
  ],
  async run({ args, live, now }) {
    const run = await modeOf(args).load()
    return run({ args, cwd: process.cwd(), live, now })
  },
}

function modeOf(args: ParsedArguments): BuildMode {
  const flags = Object.keys(MODES).filter((name) => args.flag(name))
  const known = Object.keys(MODES).map((name) => `--${name}`)
  if (flags.length > 1) {
    throw new CliError(EXIT.usage, 'usage', `${flags.map((name) => `--${name}`).join(' and ')} exclude each other.`)
  }
  const mode = MODES[flags[0] ?? '']
  if (mode === undefined) throw new CliError(EXIT.usage, 'usage', `Which compiler? Give ${known.join(' or ')}.`)
  if (mode.files === 'required' && args.operands.length === 0) throw new CliError(EXIT.usage, 'usage', '<dirs-or-files...> is missing.')
  refuseOthers(args, flags[0] ?? '', mode)
  return mode
}

/** An option of another mode would be ignored, and its user not know. */
function refuseOthers(args: ParsedArguments, flag: string, { options }: BuildMode): void {
  for (const [other, { options: theirs }] of Object.entries(MODES)) {
    const misplaced = Object.keys(theirs).find((name) => !(name in options) && (args.flag(name) || args.texts(name).length > 0))
    if (misplaced !== undefined) throw new CliError(EXIT.usage, 'usage', `--${misplaced} goes with --${other}, not with --${flag}.`)
  }
}
