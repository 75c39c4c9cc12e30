/**
 * Who may import whom: the table of the project's rooms, checked by `imports.mjs`.
 *
 * A room is a folder (or one file). A file belongs to the most specific room that contains it. `may` lists rooms it may import
 * besides itself, `packages` the npm packages; Node's own modules are always allowed, except where `node` says otherwise.
 * Tests are bound by nothing here but `neverMixed`.
 */

/**
 * @typedef {object} Room
 * @property {readonly string[]} may
 * @property {readonly string[]} packages
 * @property {'any' | 'none'} [node]
 */

/** What every room of the runtime may stand on. */
const domain = ['runtime/contracts', 'runtime/clock', 'runtime/codec']

/** @type {Readonly<Record<string, Room>>} */
export const rooms = {
  // The compiler: parse → analyze → model ← emit ← hosts.
  'transformer/model': { may: [], packages: [], node: 'none' },
  'transformer/diagnostics': { may: ['transformer/model'], packages: [] },
  'transformer/parse': { may: ['transformer/model', 'transformer/diagnostics'], packages: ['oxc-parser'] },
  'transformer/analyze': { may: ['transformer/parse', 'transformer/model', 'transformer/diagnostics'], packages: [] },
  'transformer/emit': { may: ['transformer/model', 'transformer/diagnostics'], packages: ['typescript'] },
  // The back end that edits text has to find tokens in it; the other one gets TypeScript's own tree.
  'transformer/emit/text.ts': {
    may: ['transformer/emit', 'transformer/emit/text', 'transformer/model', 'transformer/parse'],
    packages: [],
  },
  'transformer/emit/text': {
    may: ['transformer/emit', 'transformer/model', 'transformer/parse'],
    packages: ['@jridgewell/remapping'],
  },
  'transformer/hosts': {
    may: [
      'transformer/parse',
      'transformer/analyze',
      'transformer/model',
      'transformer/emit',
      'transformer/emit/text.ts',
      'transformer/emit/text',
      'transformer/diagnostics',
      'transformer',
    ],
    packages: ['typescript', 'ts-patch', 'get-tsconfig'],
  },
  // The plugins for bundlers know no bundler: their types are declared where they are used.
  'transformer/hosts/swc': {
    may: ['transformer/hosts', 'transformer/parse', 'transformer/emit/text', 'transformer/diagnostics', 'transformer/model'],
    packages: ['@swc/core'],
  },
  'transformer/hosts/bundlers': {
    may: ['transformer/hosts', 'transformer/parse', 'transformer/emit/text', 'transformer/diagnostics'],
    packages: ['unplugin', '@jridgewell/remapping'],
  },
  // Maps of other transformers are led on, and mended for coverage.
  'transformer/hosts/jest': { may: ['transformer/hosts', 'transformer/emit/text'], packages: ['@jridgewell/remapping'] },
  transformer: {
    may: [
      'transformer/parse',
      'transformer/analyze',
      'transformer/model',
      'transformer/emit',
      'transformer/emit/text',
      'transformer/diagnostics',
      'transformer/hosts',
    ],
    packages: ['typescript'],
  },

  // The runtime: domain rooms and adapters know contracts, clock and codec, and nothing of each other.
  'runtime/contracts': { may: [], packages: [], node: 'none' },
  'runtime/clock': { may: ['runtime/contracts'], packages: [] },
  'runtime/codec': { may: ['runtime/contracts'], packages: ['msgpackr'] },
  'runtime/journal-format': { may: domain, packages: ['msgpackr'] },
  'runtime/process': { may: domain, packages: [] },
  'runtime/memory': { may: domain, packages: [] },
  'runtime/sqlite': { may: [...domain, 'runtime/journal-format'], packages: ['@photostructure/sqlite'] },
  'runtime/testing': {
    may: [...domain, 'runtime/process', 'runtime/memory', 'runtime/sqlite'],
    packages: [],
  },
  'runtime/index.ts': { may: [...domain, 'runtime/process', 'runtime/memory'], packages: [] },
  'runtime/emitted.ts': { may: [...domain, 'runtime/process'], packages: [] },

  // The command line: public entries only. Nobody imports it.
  cli: {
    may: [
      'runtime/index.ts',
      'runtime/sqlite/index.ts',
      'transformer/index.ts',
      'transformer/hosts/typescript7/index.ts',
      'transformer/hosts/swc/index.ts',
    ],
    packages: ['typescript', 'get-tsconfig'],
  },
}

/** No file at all imports from both: the two halves meet in emitted code and in its manifest. */
export const neverMixed = ['transformer', 'runtime']

/** Files that may, each for a reason. */
export const mixedByPurpose = [
  // Holds the two declarations of the manifest equal.
  /manifest[.\w-]*\.test\.ts$/,
]
