import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { catgaVitest } from './e2e/support/catga-vitest.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Process files: everything in these folders, and `*.process.ts` anywhere. */
const PROCESS_FILES = /[\\/](?:fixtures|examples)[\\/].*(?<!\.test)\.ts$|\.process\.ts$/

export default defineConfig({
  plugins: [catgaVitest((fileName) => PROCESS_FILES.test(fileName))],
  resolve: {
    alias: [
      { find: /^catga$/, replacement: here('./runtime/index.ts') },
      { find: /^catga\/emitted$/, replacement: here('./runtime/emitted.ts') },
      { find: /^catga\/testing$/, replacement: here('./runtime/testing/index.ts') },
      { find: /^catga\/sqlite$/, replacement: here('./runtime/sqlite/index.ts') },
      { find: /^catga\/transformer$/, replacement: here('./transformer/index.ts') },
    ],
  },
  test: {
    include: ['{runtime,transformer,cli,e2e,fixtures,examples,bench}/**/*.test.ts'],
    testTimeout: 120_000,
    // Two cores are what continuous integration has.
    maxWorkers: 2,
  },
})
