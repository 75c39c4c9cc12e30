import { isFinished } from '../../runtime/index.ts'
import type { Command } from '../command.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { instanceOf, PROCESS_OPTION } from '../instance-of.ts'
import { printable } from '../paint.ts'

/** Sends a signal to an instance: the payload is JSON, and no schema checks it, because schemas are in the app's code. */
export const signal: Command = {
  name: 'signal',
  summary: 'send a signal to an instance: its "waitFor" answers it',
  operands: ['id', 'signal', '[payload]'],
  options: {
    ...PROCESS_OPTION,
    'message-id': { type: 'string', value: 'id', help: 'sent again under the same id, the signal counts once; default random' },
  },
  needs: 'store',
  examples: [`catga signal e-7 approved '{"by":"kim"}'`],
  async run(context) {
    const [, name = '', text] = context.args.operands
    const payload = text === undefined ? undefined : parsed(text)
    const { client, summary } = await instanceOf(context)
    const { process, id, status } = summary
    const instance = `Process "${printable(process)}" "${printable(id)}"`
    if (isFinished(status)) throw new CliError(EXIT.refused, 'finished', `${instance} has ended already; nothing waits for a signal.`)
    const messageId = context.args.text('message-id')
    await client.signal({ process, id }, name, payload, messageId === undefined ? {} : { messageId })
    return {
      json: { process, id, signal: name, payload },
      text: () => [`${instance} has the signal "${printable(name)}" in its inbox. A worker of its app hands it to the code.`],
    }
  },
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new CliError(EXIT.usage, 'usage', `The payload is no JSON: ${text.slice(0, 80)}. A text needs its quotes: '"kim"'.`, { cause })
  }
}
