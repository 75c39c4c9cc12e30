import { expect, test } from 'vitest'
import { moduleFile } from './module-file.ts'

test.each([
  ['/app/order.ts', '/app/order.ts'],
  ['/app/order.mts?v=1f2e', '/app/order.mts'],
  ['/app/order.tsx?import&t=17', '/app/order.tsx'],
  ['/app/worker.ts?worker_file&type=module', '/app/worker.ts'],
  ['/app/c#/order.jsx', '/app/c#/order.jsx'],
  ['C:/app/order.cjs', 'C:/app/order.cjs'],
  ['C:\\app\\order.ts', 'C:\\app\\order.ts'],
])('%s is a file', (id, file) => {
  expect(moduleFile(id)).toBe(file)
})

test.each([
  ['\0virtual:order.ts'],
  ['/app/order.ts\0commonjs-proxy'],
  ['\0/app/order.ts?commonjs-module'],
  ['virtual:order.ts'],
  ['order.ts'],
  ['data:text/javascript,1.js'],
  ['/app/order.vue'],
  ['/app/order.vue?vue&type=script&lang.ts'],
  ['/app/order.svelte?svelte&type=script&lang.ts'],
  ['/app/order.ts?raw'],
  ['/app/order.ts?url'],
  ['/app/order.ts?v=1&inline'],
  ['/app/order.css'],
  ['/app/order.json'],
])('%j is none', (id) => {
  expect(moduleFile(id)).toBeUndefined()
})

test('a pattern of the user’s is tried on the path without its query', () => {
  expect(moduleFile('/app/order.process.ts?v=1', /\.process\.ts$/)).toBe('/app/order.process.ts')
  expect(moduleFile('/app/order.ts', /\.process\.ts$/)).toBeUndefined()
})
