/** The options of `catga build --swc`: those of `@swc/cli` 0.8 that compile a tree, under the same names. */
import type { OptionSpecs } from '../arguments.ts'

export const SOURCE_MAPS = ['true', 'false', 'inline'] as const

export const SWC_OPTIONS = {
  'out-dir': { type: 'string', short: 'd', value: 'folder', help: 'where output goes; needed' },
  'source-maps': { type: 'string', short: 's', value: SOURCE_MAPS.join('|'), optionalValues: SOURCE_MAPS, help: 'default as .swcrc says' },
  watch: { type: 'boolean', short: 'w', help: 'compile again what changes, until interrupted' },
  ignore: { type: 'string', multiple: true, value: 'globs', help: 'leave these out; several are separated by commas' },
  only: { type: 'string', multiple: true, value: 'globs', help: 'take only these' },
  'copy-files': { type: 'boolean', short: 'D', help: 'copy files that are not compiled' },
  'strip-leading-paths': { type: 'boolean', help: 'drop the first folder of paths: src/a.ts becomes a.js' },
  'include-dotfiles': { type: 'boolean', help: 'take files and folders whose name begins with a dot, too' },
  'config-file': { type: 'string', value: 'file', help: 'a .swcrc to use' },
  'no-swcrc': { type: 'boolean', help: 'look for no .swcrc' },
  config: { type: 'string', multiple: true, short: 'C', value: 'key=value', help: 'overrides .swcrc: -C jsc.target=es2022' },
  'source-root': { type: 'string', value: 'folder', help: 'root of the sources in maps' },
  'out-file-extension': { type: 'string', value: 'ending', help: 'of compiled files; default js, mjs for .mts, cjs for .cts' },
  extensions: { type: 'string', multiple: true, value: 'list', help: 'which files are compiled: .ts,.tsx' },
  'delete-dir-on-start': { type: 'boolean', help: 'remove the output folder first' },
  sync: { type: 'boolean', help: 'compile one file after the other' },
  workers: { type: 'string', value: 'number', help: "how many files are compiled at once; the threads are swc's own" },
  quiet: { type: 'boolean', short: 'q', help: 'print only what went wrong' },
} as const satisfies OptionSpecs
