/** What the command line asks of `catga build --swc`. */
import type { Options } from '../../transformer/hosts/swc/index.ts'
import { wholeNumber, type ParsedArguments } from '../arguments.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import type { OutputPlace } from './output-names.ts'
import type { SourceSelection } from './source-tree.ts'
import { SOURCE_MAPS } from './swc-options.ts'

export interface SwcBuildRequest {
  readonly sources: SourceSelection
  readonly place: OutputPlace
  /** Endings with their dots; undefined: swc's own. */
  readonly extensions: readonly string[] | undefined
  readonly outFileExtension: string | undefined
  readonly copyFiles: boolean
  /** Options of every file. */
  readonly options: Options
  /** How many files are compiled at once. */
  readonly concurrency: number
  readonly deleteDirOnStart: boolean
  readonly watch: boolean
  readonly quiet: boolean
}

/** More than swc has threads, so that they never wait for the disk. */
const FILES_AT_ONCE = 16

/** @throws CliError (usage) */
export function swcBuildRequest(args: ParsedArguments, cwd: string): SwcBuildRequest {
  const outDir = args.text('out-dir')
  if (outDir === undefined || outDir === '') throw usage('Where to? Give --out-dir dist.')
  const extensions = listOf(args, 'extensions')
  return {
    sources: {
      cwd,
      operands: args.operands,
      ignore: listOf(args, 'ignore'),
      only: listOf(args, 'only'),
      includeDotfiles: args.flag('include-dotfiles'),
      // Output is no source then: a build would begin the next.
      ...(args.flag('watch') && { exclude: outDir }),
    },
    place: { cwd, outDir, stripLeadingPaths: args.flag('strip-leading-paths') },
    extensions: extensions.length === 0 ? undefined : extensions,
    outFileExtension: args.text('out-file-extension'),
    copyFiles: args.flag('copy-files'),
    options: swcOptions(args),
    concurrency: args.flag('sync') ? 1 : wholeNumber('workers', args.text('workers') ?? String(FILES_AT_ONCE), 1),
    deleteDirOnStart: args.flag('delete-dir-on-start'),
    watch: args.flag('watch'),
    quiet: args.flag('quiet'),
  }
}

function swcOptions(args: ParsedArguments): Options {
  const [sourceRoot, configFile] = [args.text('source-root'), args.text('config-file')]
  const maps = sourceMaps(args)
  const options: Options = {
    // swc merges what is absent from .swcrc; this is what its own command line begins with.
    jsc: { transform: {} },
    swcrc: !args.flag('no-swcrc'),
    ...(sourceRoot !== undefined && { sourceRoot }),
    ...(configFile !== undefined && { configFile }),
    ...(maps !== undefined && { sourceMaps: maps }),
  }
  for (const setting of listOf(args, 'config')) override(options, setting)
  return options
}

function sourceMaps(args: ParsedArguments): boolean | 'inline' | undefined {
  const text = args.text('source-maps')
  switch (text) {
    case undefined:
      return undefined
    case '':
    case 'true':
      return true
    case 'false':
      return false
    case 'inline':
      return 'inline'
    case 'both':
      throw usage('--source-maps is "both", which @swc/core does not know: give true or inline.')
    default:
      throw usage(`--source-maps is "${text}": give one of ${SOURCE_MAPS.join(', ')}.`)
  }
}

/** `jsc.target=es2022`; a key without a value is switched on. */
function override(options: Options, setting: string): void {
  const [, path = '', text] = /^([^=]+)(?:=(.*))?$/s.exec(setting) ?? []
  const names = path.split('.')
  const last = names.pop()
  if (last === undefined || last === '' || names.some((name) => name === '' || name === '__proto__')) {
    throw usage(`--config is "${setting}": give key=value, such as jsc.target=es2022.`)
  }
  let place = options as Record<string, unknown>
  for (const name of names) {
    const inner = place[name]
    const next: Record<string, unknown> = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {}
    place[name] = next
    place = next
  }
  place[last] = text === undefined ? true : jsonOrText(text)
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function listOf(args: ParsedArguments, name: string): readonly string[] {
  return args.texts(name).flatMap((text) => text.split(',').filter((item) => item !== ''))
}

function usage(message: string): CliError {
  return new CliError(EXIT.usage, 'usage', message)
}
