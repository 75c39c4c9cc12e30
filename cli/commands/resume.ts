import type { Command } from '../command.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { instanceOf, PROCESS_OPTION } from '../instance-of.ts'
import { printable } from '../paint.ts'

/** Lets a stuck instance go on, after its cause was mended. */
export const resume: Command = {
  name: 'resume',
  summary: 'let a stuck instance go on, once its cause is mended',
  operands: ['id'],
  options: PROCESS_OPTION,
  needs: 'store',
  examples: ['catga resume A-1001'],
  async run(context) {
    const { client, summary } = await instanceOf(context)
    const { process, id, status } = summary
    const name = `Process "${printable(process)}" "${printable(id)}"`
    if (status !== 'stuck') throw new CliError(EXIT.refused, 'not-stuck', `${name} is ${status}, not stuck; there is nothing to resume.`)
    await client.resume({ process, id })
    return {
      json: { process, id, requested: 'resume' },
      text: () => [`${name} is asked to go on. A worker of its app takes it up; "catga show" follows it.`],
    }
  },
}
