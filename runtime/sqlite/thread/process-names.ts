import type { Connection } from './connection.ts'

/** Numbers that stand for process names in the tables. They are few and never change, so they are kept in memory. */
export class ProcessNames {
  readonly #connection: Connection
  readonly #numbers = new Map<string, number>()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  find(name: Uint8Array): number | undefined {
    const key = Buffer.from(name.buffer, name.byteOffset, name.byteLength).toString('latin1')
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const found = this.#connection.sql('select number from process where name = ?').get(name)?.['number']
    if (typeof found !== 'number') return undefined
    if (this.#numbers.size < MAX_KEPT) this.#numbers.set(key, found)
    return found
  }

  findOrAdd(name: Uint8Array): number {
    return this.find(name) ?? Number(this.#connection.sql('insert into process (name) values (?)').run(name).lastInsertRowid)
  }

  /** Forgets numbers that a rolled back transaction may have given. */
  reset(): void {
    this.#numbers.clear()
  }
}

/** Names come from code, but nothing keeps a client from making them up. */
const MAX_KEPT = 1000
