/** Newest schema version this code reads: the number of `MIGRATIONS`. Kept apart so that the main thread need not load them. */
export const MIGRATIONS_KNOWN = 2
