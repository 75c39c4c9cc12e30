import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ProjectOptionsReader } from './project-options.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catga-project-'))
  mkdirSync(join(folder, 'src'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (name: string, content: object): void => writeFileSync(join(folder, name), JSON.stringify(content))
const read = (file: string) => {
  const { configFiles, ...options } = new ProjectOptionsReader().of(join(folder, file))
  return { ...options, configFiles: configFiles.map((path) => basename(path)) }
}

test('names all files that say how a project is compiled', () => {
  write('base.json', { compilerOptions: { experimentalDecorators: true } })
  write('tsconfig.json', { extends: './base.json' })
  expect(read('src/order.ts')).toMatchObject({ decorators: 'legacy', configFiles: ['tsconfig.json', 'base.json'] })
})

test('follows a tsconfig.json without files of its own to the project that has the file', () => {
  write('tsconfig.json', { files: [], references: [{ path: './tsconfig.node.json' }, { path: './tsconfig.app.json' }] })
  write('tsconfig.node.json', { include: ['vite.config.ts'] })
  write('tsconfig.app.json', {
    compilerOptions: { experimentalDecorators: true, emitDecoratorMetadata: true, paths: { '@shop': ['./src/shop.ts'] } },
    include: ['src'],
  })
  const { paths, compilerOptions, ...options } = read('src/order.ts')
  expect(compilerOptions).toMatchObject({ experimentalDecorators: true })
  expect(options).toEqual({
    decorators: 'legacy',
    emitDecoratorMetadata: true,
    allowJs: false,
    configFiles: ['tsconfig.json', 'tsconfig.app.json'],
  })
  expect(paths?.('@shop').map((path) => basename(path))).toEqual(['shop.ts'])
  expect(read('vite.config.ts')).toMatchObject({ decorators: 'standard', configFiles: ['tsconfig.json', 'tsconfig.node.json'] })
  expect(read('other.ts')).toMatchObject({ decorators: 'standard', configFiles: ['tsconfig.json'] })
})

test('asks first whether the file is its own, and finds tsconfig.json in the folder of a reference', () => {
  write('tsconfig.json', { include: ['own.ts'], references: [{ path: './src' }] })
  write('src/tsconfig.json', { compilerOptions: { experimentalDecorators: true }, include: ['../*.ts'] })
  expect(read('own.ts').decorators).toBe('standard')
  expect(read('other.ts')).toMatchObject({ decorators: 'legacy', configFiles: ['tsconfig.json', 'tsconfig.json'] })
})

test('reads what a linked package extends where the package is', () => {
  mkdirSync(join(folder, 'app', 'node_modules'), { recursive: true })
  symlinkSync(join(folder, 'src'), join(folder, 'app', 'node_modules', 'flows'), 'junction')
  write('base.json', { compilerOptions: { experimentalDecorators: true } })
  write('src/tsconfig.json', { extends: '../base.json' })
  expect(read('app/node_modules/flows/order.ts')).toMatchObject({ decorators: 'legacy', configFiles: ['tsconfig.json', 'base.json'] })
})

test('takes defaults for a package that ships a tsconfig.json without what it extends', () => {
  mkdirSync(join(folder, 'node_modules', 'flows'), { recursive: true })
  write('node_modules/flows/tsconfig.json', { extends: '../../base.json', compilerOptions: { experimentalDecorators: true } })
  write('src/tsconfig.json', { extends: '../../base.json' })
  expect(read('node_modules/flows/order.ts')).toMatchObject({ decorators: 'standard', configFiles: [] })
  expect(() => read('src/order.ts')).toThrow(
    `${join(realpathSync(folder), 'src', 'tsconfig.json')} cannot be read: File '../../base.json' not found`,
  )
})
