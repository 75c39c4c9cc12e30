import { FIRST_FINISHED } from '../log-record.ts'
import type { Input, Output, StoredMessage } from '../protocol.ts'
import { seal, unseal } from './body.ts'
import type { Connection } from './connection.ts'
import type { Instances } from './instances.ts'

/** Messages to instances, and news for those who wait for them. */
export class Mailbox {
  readonly #connection: Connection
  readonly #instances: Instances

  constructor(connection: Connection, instances: Instances) {
    this.#connection = connection
    this.#instances = instances
  }

  deliver({ process, id, messageId, wakesStuck, message }: Input<'deliver'>): Output<'deliver'> {
    const instance = this.#instances.find({ process, id })
    if (instance === undefined) return { outcome: 'not found', owned: undefined }
    const number = Number(instance['number'])
    if (this.#connection.sql('select 1 from inbox where instance = ? and message_id = ?').get(number, messageId) !== undefined) {
      return { outcome: 'delivered', owned: undefined }
    }
    if (Number(instance['status']) >= FIRST_FINISHED) return { outcome: 'finished', owned: undefined }
    const insert = this.#connection.sql('insert into inbox (instance, message_id, wakes_stuck, message) values (?, ?, ?, ?)')
    const position = Number(insert.run(number, messageId, wakesStuck ? 1 : 0, seal([message])).lastInsertRowid)
    // 2 is parked, 4 is stuck.
    this.#connection
      .sql('update instance set ready_at = 0 where number = ?1 and owner is null and (status = 2 or (status = 4 and ?2 = 1))')
      .run(number, wakesStuck ? 1 : 0)
    return { outcome: 'delivered', owned: instance['worker'] === null ? undefined : { instance: number, position } }
  }

  inbox({ instance, epoch, session }: Input<'inbox'>): Output<'inbox'> {
    const owned = this.#connection.sql('select 1 from instance where number = ? and epoch = ? and owner = ?').get(instance, epoch, session)
    return owned === undefined ? 'fenced' : this.waiting(instance)
  }

  /** Messages that the journal has not taken yet. */
  waiting(instance: number): readonly StoredMessage[] {
    const rows = this.#connection
      .sql('select position, message from inbox where instance = ? and taken_in_run is null order by position')
      .all(instance)
    return rows.map(({ position, message }): StoredMessage => ({
      position: Number(position),
      message: unseal(message, () => `${this.#connection.path}, table inbox, row ${String(position)}`),
    }))
  }

  watch({ settled, mail }: Input<'watch'>): Output<'watch'> {
    return {
      settled: settled.map((ref) => {
        const status = Number(this.#instances.find(ref)?.['status'] ?? 0)
        return status === 4 || status >= FIRST_FINISHED
      }),
      mail: mail.map((instance) =>
        Number(
          this.#connection.sql('select max(position) as last from inbox where instance = ? and taken_in_run is null').get(instance)?.[
            'last'
          ] ?? 0,
        ),
      ),
    }
  }
}
