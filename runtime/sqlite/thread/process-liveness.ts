import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import type { ProcessIdentity } from '../protocol.ts'

let own: ProcessIdentity | undefined

/** Who this OS process is. */
export function ownIdentity(): ProcessIdentity {
  return (own ??= { realm: realm(), pid: process.pid, startedAt: startOf(process.pid) ?? '' })
}

/**
 * Whether the OS process may still be running. Only a certain "no" is one: of another machine or container nothing is
 * known here, and its lease decides.
 */
export function isAlive({ realm, pid, startedAt }: ProcessIdentity): boolean {
  const self = ownIdentity()
  if (realm !== self.realm) return true
  if (pid === self.pid) return startedAt === self.startedAt
  try {
    process.kill(pid, 0)
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
  const started = startOf(pid)
  return started === undefined || (started !== 'dead' && started === startedAt)
}

/** Machine, boot and process namespace. */
function realm(): string {
  return [
    hostname(),
    process.platform,
    attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    attempt(() => readlinkSync('/proc/self/ns/pid')),
  ].join('|')
}

/** Start time in ticks since boot, `dead` for a process that only waits to be reaped, `undefined` where not known. */
function startOf(pid: number): string | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  // The command's name is in parentheses and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields.length < 20) return undefined
  return fields[0] === 'Z' || fields[0] === 'X' ? 'dead' : fields[19]
}

function attempt(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}
