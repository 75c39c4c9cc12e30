import type { Client, InstanceSummary } from '../runtime/index.ts'
import type { CommandContext } from './command.ts'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'
import { printable } from './paint.ts'

/** Option of every command that takes an id. */
export const PROCESS_OPTION = {
  process: {
    type: 'string',
    short: 'p',
    value: 'name',
    help: 'process the id belongs to; needed when two processes have an instance of that id',
  },
} as const

/**
 * The instance named by the first operand, and by `--process` where the id alone is not enough.
 * @throws CliError not found, or several processes have that id
 */
export async function instanceOf({
  args,
  client,
}: CommandContext): Promise<{ readonly client: Client; readonly summary: InstanceSummary }> {
  const id = args.operands[0] ?? ''
  const process = args.text('process')
  const opened = await client()
  const found = process === undefined ? await search(opened, id) : await opened.get({ process, id })
  if (found === undefined) throw notFound(id, process)
  return { client: opened, summary: found }
}

async function search(client: Client, id: string): Promise<InstanceSummary | undefined> {
  const matches: InstanceSummary[] = []
  for await (const summary of client.list()) if (summary.id === id) matches.push(summary)
  if (matches.length > 1) {
    const names = matches.map(({ process }) => `"${printable(process)}"`).join(', ')
    throw new CliError(
      EXIT.usage,
      'ambiguous-id',
      `Several processes have an instance "${printable(id)}": ${names}. Say which with --process.`,
    )
  }
  return matches[0]
}

function notFound(id: string, process: string | undefined): CliError {
  const what = process === undefined ? `an instance "${printable(id)}"` : `process "${printable(process)}" "${printable(id)}"`
  return new CliError(
    EXIT.notFound,
    'process-not-found',
    `There is no ${what.replace(/^an /, '')} in this store. "catga ps" lists what there is.`,
  )
}
