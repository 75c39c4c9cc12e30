import type { InstanceStatus, InstanceSummary } from '../../runtime/index.ts'
import { wholeNumber, type ParsedArguments } from '../arguments.ts'
import { CliError } from '../cli-error.ts'
import type { Command, TextStyle } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { printable } from '../paint.ts'
import { paintStatus } from '../status-paint.ts'
import { table, type Column } from '../table.ts'
import { span } from '../when.ts'

const STATUSES: readonly InstanceStatus[] = ['running', 'parked', 'compensating', 'stuck', 'completed', 'failed', 'cancelled']
const DEFAULT_LIMIT = 100

/** Lists instances, oldest first. */
export const ps: Command = {
  name: 'ps',
  summary: 'list process instances, oldest first',
  operands: [],
  options: {
    status: { type: 'string', multiple: true, short: 's', value: 'status', help: `only these: ${STATUSES.join(', ')}; may be repeated` },
    process: { type: 'string', short: 'p', value: 'name', help: 'only instances of this process' },
    limit: { type: 'string', short: 'n', value: 'count', help: `at most this many; default ${DEFAULT_LIMIT}` },
  },
  needs: 'store',
  examples: ['catga ps --store orders.db', 'catga ps --status stuck --status failed --json'],
  async run({ args, client, now }) {
    const selection = select(args)
    const opened = await client()
    const found: InstanceSummary[] = []
    let more = false
    for await (const summary of opened.list(selection.query)) {
      if (!selection.matches(summary)) continue
      if (found.length === selection.limit) {
        more = true
        break
      }
      found.push(summary)
    }
    const at = now()
    return { json: { instances: found, more }, text: (style) => render(found, more, at, style) }
  },
}

interface Selection {
  readonly query: { readonly process?: string; readonly status?: InstanceStatus }
  readonly matches: (summary: InstanceSummary) => boolean
  readonly limit: number
}

/** What the command line asks for. A single status is left to the store; several are sifted here. */
export function select(args: ParsedArguments): Selection {
  const statuses = args
    .texts('status')
    .flatMap((text) => text.split(','))
    .map((text) => statusOf(text.trim()))
  const process = args.text('process')
  const [only] = statuses
  return {
    query: {
      ...(process === undefined ? {} : { process }),
      ...(statuses.length === 1 && only !== undefined ? { status: only } : {}),
    },
    matches: ({ status }) => statuses.length === 0 || statuses.includes(status),
    limit: wholeNumber('limit', args.text('limit') ?? String(DEFAULT_LIMIT), 1),
  }
}

function statusOf(text: string): InstanceStatus {
  const status = STATUSES.find((known) => known === text)
  if (status === undefined) throw new CliError(EXIT.usage, 'usage', `"${printable(text)}" is no status. There are: ${STATUSES.join(', ')}.`)
  return status
}

function render(found: readonly InstanceSummary[], more: boolean, now: number, { paint }: TextStyle): readonly string[] {
  if (found.length === 0) return ['No instances.']
  const columns: readonly Column<InstanceSummary>[] = [
    { title: 'PROCESS', cell: ({ process }) => printable(process) },
    { title: 'ID', cell: ({ id }) => printable(id), paint: (text) => paint.bold(text) },
    { title: 'STATUS', cell: ({ status }) => status, paint: (text, { status }) => paintStatus(paint, status, text) },
    { title: 'ENTRIES', cell: ({ entries }) => String(entries), align: 'right' },
    { title: 'AGE', cell: ({ createdAt }) => span(now - createdAt), align: 'right' },
    { title: 'UPDATED', cell: ({ updatedAt }) => `${span(now - updatedAt)} ago`, align: 'right' },
    { title: 'WORKER', cell: (summary) => holder(summary, now), paint: (text) => paint.dim(text) },
  ]
  const lines = table(columns, found, (text) => paint.dim(text))
  return more ? [...lines, paint.dim(`… and more; raise --limit above ${found.length}`)] : lines
}

/** Who has it now, or when it wakes by itself. */
function holder({ owner, status, wakeAt }: InstanceSummary, now: number): string {
  if (owner !== undefined) return printable(owner)
  if (status === 'parked' && wakeAt !== undefined) return wakeAt > now ? `wakes in ${span(wakeAt - now)}` : 'due'
  return '–'
}
