import { inspect } from 'node:util'
import { callKey, type ErrorRecord, type InstanceSummary, type JournalEntry, type Payload } from '../runtime/index.ts'
import type { TextStyle } from './command.ts'
import { decoded, decodedArgs, type Decode } from './journal-json.ts'
import { printable, type Paint } from './paint.ts'
import { paintStatus } from './status-paint.ts'
import { width } from './table.ts'
import { offset, span, timestamp } from './when.ts'

export interface Journal {
  readonly summary: InstanceSummary
  readonly entries: readonly JournalEntry[]
  readonly decode: Decode
  readonly now: number
}

/** A heading, then one line per entry: when, what, of which call, with what value. */
export function timeline({ summary, entries, decode, now }: Journal, { paint, width: columns }: TextStyle): readonly string[] {
  const [first] = entries
  const start = first?.at ?? summary.createdAt
  const rows = entries.map((entry) => ({ when: offset(entry.at - start), ...describe(entry, start, decode) }))
  const whenWidth = Math.max(0, ...rows.map(({ when }) => when.length))
  const whatWidth = Math.max(0, ...rows.map(({ what }) => width(what)))
  return [
    ...heading(summary, start, now, paint),
    '',
    ...rows.map(({ when, what, tone, detail }) => {
      const room = columns - whenWidth - whatWidth - 6
      const line = `  ${paint.dim(when.padStart(whenWidth))}  ${toned(paint, tone, what)}`
      return detail === '' ? line : `${line}${' '.repeat(whatWidth - width(what))}  ${shortened(detail, room)}`
    }),
  ]
}

function heading(summary: InstanceSummary, start: number, now: number, paint: Paint): readonly string[] {
  const { process, id, status, run, entries, owner, wakeAt } = summary
  const facts = [
    `started ${timestamp(start)}`,
    `last entry ${span(now - summary.updatedAt)} ago`,
    `${entries} ${entries === 1 ? 'entry' : 'entries'}`,
    ...(run > 1 ? [`run ${run}`] : []),
    ...(owner === undefined ? [] : [`held by ${printable(owner)}`]),
    ...(wakeAt === undefined ? [] : [`wakes ${timestamp(wakeAt)}`]),
  ]
  return [`${paint.bold(`${printable(process)} ${printable(id)}`)}  ${paintStatus(paint, status)}`, paint.dim(facts.join(', '))]
}

type Tone = 'plain' | 'good' | 'bad' | 'undo' | 'quiet'

interface Line {
  readonly what: string
  readonly tone: Tone
  readonly detail: string
}

function toned(paint: Paint, tone: Tone, text: string): string {
  switch (tone) {
    case 'good':
      return paint.green(text)
    case 'bad':
      return paint.red(text)
    case 'undo':
      return paint.yellow(text)
    case 'quiet':
      return paint.dim(text)
    case 'plain':
      return text
  }
}

/** One entry in words. `start` is the time offsets count from. */
export function describe(entry: JournalEntry, start: number, decode: Decode): Line {
  const value = (payload: Payload) => show(decoded(payload, decode))
  switch (entry.kind) {
    case 'started':
      return line('started', 'plain', `with ${value(entry.input)}`)
    case 'shape':
      return line('taken up by changed code', 'quiet', `shape ${entry.shape}`)
    case 'step-started':
      return line(`${call(entry)} started`, 'quiet', args(entry, decode))
    case 'attempt-failed':
      return line(
        `${call(entry)} attempt ${entry.attempt} failed`,
        'bad',
        `${error(entry.error)}; next at ${offset(entry.retryAt - start)}`,
      )
    case 'step-completed':
      return line(call(entry), 'good', `${args(entry, decode)} → ${value(entry.result)}${attempts(entry.attempt)}`)
    case 'step-failed':
      return line(`${call(entry)} failed`, 'bad', `${error(entry.error)}${attempts(entry.attempt)}`)
    case 'timer-set':
      return line(`${call(entry)} set`, 'quiet', `until ${offset(entry.dueAt - start)}`)
    case 'timer-fired':
      return line(`${call(entry)} fired`, 'plain', '')
    case 'signal-received':
      return line(`signal ${printable(entry.name)}`, 'plain', value(entry.payload))
    case 'child-started':
      return line(`${call(entry)} started`, 'quiet', `process ${printable(entry.process)} ${printable(entry.id)}`)
    case 'child-settled':
      return entry.outcome.ok
        ? line(call(entry), 'good', `→ ${value(entry.outcome.value)}`)
        : line(`${call(entry)} failed`, 'bad', error(entry.outcome.error))
    case 'cancel-requested':
      return line('cancel requested', 'undo', printable(entry.reason))
    case 'compensation-started':
      return line('compensation started', 'undo', error(entry.error))
    case 'undo-attempt-failed':
      return line(
        `undo of ${call(entry)} attempt ${entry.attempt} failed`,
        'bad',
        `${error(entry.error)}; next at ${offset(entry.retryAt - start)}`,
      )
    case 'step-compensated':
      return line(`undid ${call(entry)}`, 'undo', '')
    case 'completed':
      return line('completed', 'good', `with ${value(entry.result)}`)
    case 'failed':
      return line(entry.outcome, 'bad', error(entry.error))
    case 'continued-as-new':
      return line('continued as new', 'plain', `with ${value(entry.input)}`)
    case 'stuck':
      return line('stuck', 'bad', error(entry.error))
    case 'resumed':
      return line('resumed by an operator', 'plain', '')
  }
}

function line(what: string, tone: Tone, detail: string): Line {
  return { what, tone, detail }
}

function call(entry: { readonly scope: string; readonly site: string; readonly n: number }): string {
  return printable(callKey(entry))
}

function args(entry: Extract<JournalEntry, { kind: 'step-completed' | 'step-started' }>, decode: Decode): string {
  const recorded = decodedArgs(entry.args, decode)
  return typeof recorded === 'string' ? `(${recorded.slice(0, 15)}…)` : `(${recorded.map((arg) => show(arg)).join(', ')})`
}

function attempts(attempt: number): string {
  return attempt > 1 ? `, attempt ${attempt}` : ''
}

function error({ name, message, cause }: ErrorRecord): string {
  const text = `${printable(name)}: ${printable(message)}`
  return cause === undefined ? text : `${text} (cause: ${printable(cause.message)})`
}

/** A value on one line. `inspect` escapes control characters in strings itself. */
function show(value: unknown): string {
  return inspect(value, { depth: 3, breakLength: Infinity, compact: true, maxArrayLength: 6, maxStringLength: 80 })
}

function shortened(text: string, room: number): string {
  const limit = Math.max(20, room)
  return text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
