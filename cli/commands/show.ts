import type { JournalEntry, Payload } from '../../runtime/index.ts'
import type { Command } from '../command.ts'
import { instanceOf, PROCESS_OPTION } from '../instance-of.ts'
import { entryToJson } from '../journal-json.ts'
import { timeline } from '../timeline.ts'

/** One instance's journal, as a timeline. */
export const show: Command = {
  name: 'show',
  summary: "show an instance's journal as a timeline",
  operands: ['id'],
  options: PROCESS_OPTION,
  needs: 'store',
  examples: ['catga show A-1001 --store orders.db', 'catga show A-1001 --json'],
  async run(context) {
    const { client, summary } = await instanceOf(context)
    const entries: JournalEntry[] = []
    for await (const entry of client.read(summary)) entries.push(entry)
    const decode = (payload: Payload) => client.decode(payload)
    const now = context.now()
    return {
      json: { ...summary, journal: entries.map((entry) => entryToJson(entry, decode)) },
      text: (style) => timeline({ summary, entries, decode, now }, style),
    }
  },
}
