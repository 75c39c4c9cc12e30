/** `catga build --tsc7`: what the command line is for `catga/typescript7`. */
import { relative } from 'node:path'
import {
  type BuildDiagnostic,
  buildWithTypeScript7,
  type ProjectBuild,
  TypeScript7Error,
} from '../../transformer/hosts/typescript7/index.ts'
import type { ParsedArguments } from '../arguments.ts'
import { CliError } from '../cli-error.ts'
import type { Outcome, TextStyle } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import type { BuildRequest } from './build-request.ts'
import { EMITTERS } from './tsc7-options.ts'

type Built = Awaited<ReturnType<typeof buildWithTypeScript7>>

export async function buildWithTsc7({ args, cwd }: BuildRequest): Promise<Outcome> {
  if (args.operands.length > 0) {
    throw new CliError(EXIT.usage, 'usage', `"${args.operands[0]}": with --tsc7 the tsconfig.json says what is compiled; name it with -p.`)
  }
  const built = await buildOrExplain(args, cwd)
  return {
    json: built,
    exitCode: built.ok ? EXIT.ok : EXIT.failed,
    text: (style) => [...built.projects.flatMap((project) => projectLines(project, cwd, style)), summary(built, args.flag('noEmit'))],
  }
}

async function buildOrExplain(args: ParsedArguments, cwd: string): Promise<Built> {
  const [project, typescript, wanted] = ['project', 'typescript', 'emit-with'].map((name) => args.text(name))
  const emitWith = EMITTERS.find((known) => known === wanted)
  if (wanted !== undefined && emitWith === undefined) {
    throw new CliError(EXIT.usage, 'usage', `--emit-with is "${wanted}": give one of ${EMITTERS.join(', ')}.`)
  }
  try {
    return await buildWithTypeScript7({
      cwd,
      mode: args.flag('noEmit') ? 'check' : 'emit',
      ...(project !== undefined && { project }),
      ...(typescript !== undefined && { typescript }),
      ...(emitWith !== undefined && { emitWith }),
    })
  } catch (error) {
    if (!(error instanceof TypeScript7Error)) throw error
    throw new CliError(error.code === 'tsconfig-missing' ? EXIT.notFound : EXIT.failed, error.code, error.message)
  }
}

function projectLines({ configFile, diagnostics, notHonoured }: ProjectBuild, cwd: string, { paint }: TextStyle): readonly string[] {
  return [
    ...diagnostics.flatMap((diagnostic) => [...findingLines(diagnostic, cwd, paint.red), '']),
    ...notHonoured.map((each) => `${relative(cwd, configFile)}: swc does not know ${each}`),
  ]
}

function findingLines(
  { fileName, line, column, ...found }: BuildDiagnostic,
  cwd: string,
  red: (text: string) => string,
): readonly string[] {
  const place = fileName === undefined ? '' : `${relative(cwd, fileName)}${line === undefined ? '' : `(${line},${column})`}: `
  const severity = found.severity === 'error' ? red('error') : found.severity
  return [`${place}${severity} ${found.code}: ${found.message}`, ...(found.frame === undefined ? [] : [found.frame])]
}

/** Says which way was taken, with versions: what another machine does differently is seen at once. */
function summary({ typescript, emittedWith, swc, reason, projects }: Built, checkOnly: boolean): string {
  const errors = projects.flatMap(({ diagnostics }) => diagnostics).filter(({ severity }) => severity === 'error').length
  const written = projects.reduce((sum, { emitted }) => sum + emitted.length, 0)
  const checked = `Checked ${counted(projects.length, 'project')} with TypeScript ${typescript}: ${counted(errors, 'error')}.`
  if (checkOnly || written === 0) return `${checked} Nothing was written.`
  const by = emittedWith === 'typescript' ? `TypeScript ${typescript} (typescript/sync)` : `swc ${swc}, because ${reason}`
  return `${checked} Wrote ${counted(written, 'file')} with ${by}.`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
