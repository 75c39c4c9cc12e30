import { isFinished } from '../../runtime/index.ts'
import type { Command } from '../command.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { instanceOf, PROCESS_OPTION } from '../instance-of.ts'
import { printable } from '../paint.ts'

/** Removes a finished instance and its journal. */
export const deleteCommand: Command = {
  name: 'delete',
  summary: 'remove a finished instance and its journal',
  operands: ['id'],
  options: PROCESS_OPTION,
  needs: 'store',
  examples: ['catga delete A-1001'],
  async run(context) {
    const { client, summary } = await instanceOf(context)
    const { process, id, status } = summary
    const name = `Process "${printable(process)}" "${printable(id)}"`
    const outcome = isFinished(status) ? await client.delete({ process, id }) : 'not finished'
    if (outcome === 'not finished') {
      throw new CliError(
        EXIT.refused,
        'not-finished',
        `${name} is ${status}. Only finished instances are deleted; "catga cancel" ends it first.`,
      )
    }
    if (outcome === 'not found') throw new CliError(EXIT.notFound, 'process-not-found', `${name} was gone already.`)
    return { json: { process, id, deleted: true }, text: () => [`${name} and its journal are deleted.`] }
  },
}
