import { createRequire } from 'node:module'

/** The part of `node:sqlite` that is used; `@photostructure/sqlite` has the same. */
export interface SqlDatabase {
  exec(sql: string): void
  prepare(sql: string): SqlStatement
  close(): void
}

export type SqlValue = null | number | string | Uint8Array
export type SqlRow = Readonly<Record<string, SqlValue>>

export interface SqlStatement {
  run(...parameters: readonly SqlValue[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint }
  get(...parameters: readonly SqlValue[]): SqlRow | undefined
  all(...parameters: readonly SqlValue[]): readonly SqlRow[]
}

interface SqliteModule {
  readonly DatabaseSync: new (path: string) => SqlDatabase
}

/** Neither Node's own SQLite nor the package that stands in for it is there. */
export class NoDriverError extends Error {}

const DRIVERS = ['node:sqlite', '@photostructure/sqlite']

/** Opens a database with Node's SQLite where there is one (Node 22.13 and later), else with `@photostructure/sqlite`. */
export function openWithDriver(path: string, drivers: readonly string[] = DRIVERS): SqlDatabase {
  const require = createRequire(import.meta.url)
  const failures: string[] = []
  for (const name of drivers) {
    let module: SqliteModule
    try {
      module = require(name) as SqliteModule
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)}`)
      continue
    }
    return new module.DatabaseSync(path)
  }
  throw new NoDriverError(
    `Node ${process.versions.node} has no SQLite of its own. Install one: npm install @photostructure/sqlite (${failures.join('; ')})`,
  )
}
