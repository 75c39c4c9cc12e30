import type { Input, Output } from '../protocol.ts'
import type { ProcessIdentity } from '../protocol.ts'
import type { Connection } from './connection.ts'
import type { Instances } from './instances.ts'
import { isAlive } from './process-liveness.ts'

/** Worker sessions. A session that was fenced or left has no row any more, and its number is never given again. */
export class Sessions {
  readonly #connection: Connection
  readonly #instances: Instances

  constructor(connection: Connection, instances: Instances) {
    this.#connection = connection
    this.#instances = instances
  }

  join({ worker, leaseMs, identity }: Input<'join'>, now: number): Output<'join'> {
    const { realm, pid, startedAt } = identity
    const insert = this.#connection.sql('insert into session (worker, expires_at, realm, pid, pid_started) values (?, ?, ?, ?, ?)')
    return Number(insert.run(worker, now + leaseMs, realm, pid, startedAt).lastInsertRowid)
  }

  renew({ session, leaseMs }: Input<'renew'>, now: number): Output<'renew'> {
    const { changes } = this.#connection.sql('update session set expires_at = ? where number = ?').run(now + leaseMs, session)
    return changes === 0 ? 'fenced' : 'done'
  }

  leave(session: number): void {
    this.#connection.sql('delete from session where number = ?').run(session)
    this.#instances.disown(session)
  }

  lives(session: number): boolean {
    return this.#connection.sql('select 1 from session where number = ?').get(session) !== undefined
  }

  /** Fences every other session whose lease ran out or whose OS process is dead. */
  fenceTheDead(self: number, now: number): void {
    for (const row of this.#connection.sql('select number, expires_at, realm, pid, pid_started from session where number <> ?').all(self)) {
      const identity: ProcessIdentity = { realm: String(row['realm']), pid: Number(row['pid']), startedAt: String(row['pid_started']) }
      if (Number(row['expires_at']) <= now || !isAlive(identity)) this.leave(Number(row['number']))
    }
  }
}
