/** The options of `catga build --tsc7`; those that `tsc` has are called as there. */
import type { OptionSpecs } from '../arguments.ts'

export const EMITTERS = ['typescript', 'swc'] as const

export const TSC7_OPTIONS = {
  project: { type: 'string', short: 'p', value: 'tsconfig', help: 'a tsconfig.json or its folder; default: this folder' },
  noEmit: { type: 'boolean', help: 'check only, write nothing' },
  'emit-with': { type: 'string', value: EMITTERS.join('|'), help: 'default: typescript from 7.1 on, else swc' },
  typescript: { type: 'string', value: 'package', help: 'where TypeScript 7 is installed under another name' },
} as const satisfies OptionSpecs
