import type { OptionSpecs } from './arguments.ts'

/** Options of every command. */
export const COMMON_OPTIONS = {
  json: { type: 'boolean', help: 'print one JSON document instead of text' },
  help: { type: 'boolean', short: 'h', help: 'show this help' },
} as const satisfies OptionSpecs

/** Options of every command that reads a store. */
export const STORE_OPTIONS = {
  store: { type: 'string', value: 'file', help: 'SQLite journal to look at; default: the environment variable CATGA_STORE' },
} as const satisfies OptionSpecs
