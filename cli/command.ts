import type { Client } from '../runtime/index.ts'
import type { OptionSpecs, ParsedArguments } from './arguments.ts'
import type { Paint } from './paint.ts'

/** Where a command that runs for long tells what it does, before its outcome. */
export interface LiveOutput {
  /** Whether people look on: progress is for them alone. */
  readonly terminal: boolean
  readonly print: (text: string) => void
  readonly printError: (text: string) => void
  /** Aborted when the command is asked to end: Ctrl-C, or a signal from another program. Who never asks for it is ended at once, as usual. */
  readonly interruption: () => AbortSignal
}

/** What a command may touch of the world, so that tests own it. */
export interface CommandContext {
  readonly args: ParsedArguments
  /** Opens the store on first use; the caller closes it. */
  readonly client: () => Promise<Client>
  readonly readFile: (path: string) => Promise<string>
  readonly now: () => number
  /** Undefined where a command is called as a function. */
  readonly live?: LiveOutput
}

/** How the text form may look. */
export interface TextStyle {
  readonly paint: Paint
  /** Columns of the terminal; 100 where there is none. */
  readonly width: number
}

/** What a command found or did: data for programs, lines for people. Printing is `main.ts`'s. */
export interface Outcome {
  /** Undefined where everything has been told already. */
  readonly json: unknown
  readonly text: (style: TextStyle) => readonly string[]
  /** Default 0; a program's own where one was run. */
  readonly exitCode?: number
}

/** One verb of `catga`. Each lives in `commands/<verb>.ts`. */
export interface Command {
  readonly name: string
  readonly summary: string
  /** Names of operands; one in brackets may be left out. */
  readonly operands: readonly string[]
  /** Options beside those of every command. */
  readonly options: OptionSpecs
  readonly needs: 'store' | 'nothing'
  /** `passed on`: what follows the name is another program's; it comes as operands, unread but for a `--help` at its front. */
  readonly words?: 'passed on'
  /** Lines of help in place of the usual one of operands and options. */
  readonly usage?: readonly string[]
  readonly examples: readonly string[]
  readonly run: (context: CommandContext) => Promise<Outcome>
}
