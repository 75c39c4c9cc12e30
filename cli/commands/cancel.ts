import { isFinished } from '../../runtime/index.ts'
import type { Command } from '../command.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { instanceOf, PROCESS_OPTION } from '../instance-of.ts'
import { printable } from '../paint.ts'

/** Asks for an instance to be cancelled: its code sees a `CancelledError`, then its completed steps are undone. */
export const cancel: Command = {
  name: 'cancel',
  summary: 'cancel an instance: its completed steps are undone',
  operands: ['id'],
  options: {
    ...PROCESS_OPTION,
    reason: { type: 'string', short: 'r', value: 'text', help: 'why, for its journal and its code; default "cancelled by an operator"' },
  },
  needs: 'store',
  examples: ['catga cancel A-1001 --reason "customer called"'],
  async run(context) {
    const { client, summary } = await instanceOf(context)
    const { process, id, status } = summary
    const name = `Process "${printable(process)}" "${printable(id)}"`
    const reason = context.args.text('reason') ?? 'cancelled by an operator'
    const delivered = !isFinished(status) && (await client.cancel({ process, id }, reason))
    if (!delivered) throw new CliError(EXIT.refused, 'finished', `${name} has ended already; there is nothing to cancel.`)
    return {
      json: { process, id, requested: 'cancel', reason },
      text: () => [`${name} is asked to cancel. A worker of its app carries it out; "catga show" follows it.`],
    }
  },
}
