/** What every way of building is asked for, and answers: see `cli/commands/build.ts`. */
import type { ParsedArguments } from '../arguments.ts'
import type { CommandContext, Outcome } from '../command.ts'

export interface BuildRequest {
  readonly args: ParsedArguments
  /** Folder that paths on the command line are relative to. */
  readonly cwd: string
  /** Undefined where nobody looks on: then nothing is printed before the end. */
  readonly live: CommandContext['live']
  readonly now: () => number
}

/** One way of building: `cli/build/<mode>.ts` exports it, loaded when it is asked for. */
export type Build = (request: BuildRequest) => Promise<Outcome>
