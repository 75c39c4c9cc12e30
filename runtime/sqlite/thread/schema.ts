import { CorruptJournalError, NewerSchemaError } from '../../contracts/errors.ts'
import type { SqlDatabase } from './driver.ts'

/** Marks a database file as ours: "CATG". */
export const APPLICATION_ID = 0x43415447

/**
 * Each step takes the schema one version up; a step that was released is never changed.
 *
 * `log` takes every start and append, one row per session and flush: one page chain to sync, however many instances grew.
 * `instance`, `chunk` and `inbox` follow behind: a row of `log` up to `state.applied` is in them, later ones are not yet.
 * Chunks of all instances lie in the order they came: sorted by instance, every write would touch as many pages as instances.
 * Identifiers are UTF-16LE. Bodies begin with a CRC-32 of the rest.
 */
export const MIGRATIONS: readonly string[] = [
  `
  create table state (applied integer not null);
  insert into state values (0);
  create table log (id integer primary key, body blob not null);
  create table process (number integer primary key, name blob not null unique);
  create table session (
    number integer primary key autoincrement,
    worker blob not null,
    expires_at real not null,
    realm text not null,
    pid integer not null,
    pid_started text not null
  );
  create table instance (
    number integer primary key,
    process integer not null,
    id blob not null,
    status integer not null,
    run integer not null,
    epoch integer not null,
    entries integer not null,
    created_at real not null,
    updated_at real not null,
    owner integer,
    ready_at real,
    wake_at real,
    parked_from integer,
    takeovers integer not null,
    body blob not null
  );
  create unique index instance_by_id on instance (process, id);
  create index instance_by_readiness on instance (ready_at, process) where ready_at is not null;
  create index instance_by_owner on instance (owner) where owner is not null;
  create index instance_by_end on instance (status, updated_at) where status >= 5;
  create table chunk (
    instance integer not null,
    run integer not null,
    seq integer not null,
    body blob not null
  );
  create unique index chunk_by_place on chunk (instance, run, seq);
  create table inbox (
    position integer primary key autoincrement,
    instance integer not null,
    message_id blob not null,
    wakes_stuck integer not null,
    taken_in_run integer,
    message blob not null
  );
  create unique index inbox_by_message on inbox (instance, message_id);
  create index inbox_waiting on inbox (instance, position) where taken_in_run is null;
  create table shape (hash blob primary key, description blob not null) without rowid;
  `,
  // A worker asks for what is ready of its own processes, and when the next of them wakes.
  `
  drop index instance_by_readiness;
  create index instance_by_readiness on instance (process, ready_at) where ready_at is not null;
  `,
]

/** Brings a database to the current schema, or creates it. */
export function migrate(database: SqlDatabase, path: string): void {
  if (pragma(database, 'application_id') !== APPLICATION_ID) {
    const tables = database.prepare('select count(*) as tables from sqlite_schema').get()?.['tables']
    if (tables !== 0) throw new CorruptJournalError(path, 'it is an SQLite database of another application')
  }
  const found = pragma(database, 'user_version')
  if (found > MIGRATIONS.length) throw new NewerSchemaError(path, found, MIGRATIONS.length)
  if (found === MIGRATIONS.length) return
  if (found === 0) database.exec('pragma auto_vacuum = incremental')
  database.exec('pragma journal_mode = wal')
  database.exec('begin immediate')
  try {
    // Another OS process may have been faster.
    for (let version = pragma(database, 'user_version'); version < MIGRATIONS.length; version++)
      database.exec(MIGRATIONS[version] as string)
    database.exec(`pragma application_id = ${APPLICATION_ID}`)
    database.exec(`pragma user_version = ${MIGRATIONS.length}`)
    database.exec('commit')
  } catch (error) {
    database.exec('rollback')
    throw error
  }
}

/** The value of a pragma that is a number. */
export function pragma(database: SqlDatabase, name: string): number {
  return Number(database.prepare(`pragma ${name}`).get()?.[name])
}
