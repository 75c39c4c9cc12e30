/** Tables in the guides name everything there is, and nothing there is not. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../support/package-root.ts'

const read = (path: string): string => readFileSync(join(packageRoot, path), 'utf8')

/** Cells of the table rows in a section of a page. */
function tableUnder(page: string, heading: string): readonly (readonly string[])[] {
  const section = read(page).split(`\n${heading}\n`)[1]?.split(/\n#+ /)[0] ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('| '))
  return rows.slice(1).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

/** The backquoted words of the first column. */
function namesIn(rows: readonly (readonly string[])[]): readonly string[] {
  return rows.flatMap(([cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
}

test('the table of error classes has every class with its code', () => {
  const source = read('runtime/contracts/errors.ts')
  const classes = [...source.matchAll(/class (\w+) extends CatgaError[\s\S]*?super\(\s*'([\w-]+)'/g)].map(([, name, code]) => [
    `\`${name}\``,
    `\`${code}\``,
  ])
  const rows = tableUnder('docs/errors-and-compensation.md', '## Error classes').map((row) => row.slice(0, 2))
  expect(classes.length).toBeGreaterThan(20)
  expect(rows.toSorted()).toEqual(classes.toSorted())
})

test('the tables of options have every option of an app and of the SQLite journal', () => {
  const optionsOf = (file: string, type: string) => {
    const body = read(file).split(`interface ${type} {`)[1]?.split('\n}')[0] ?? ''
    return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name = '']) => name)
  }
  const app = namesIn(tableUnder('docs/operating.md', '### Options of an app'))
  expect(app.toSorted()).toEqual(optionsOf('runtime/process/options.ts', 'AppOptions').toSorted())
  const sqlite = optionsOf('runtime/sqlite/sqlite-journal-store.ts', 'SqliteJournalOptions').filter((name) => name !== 'clock')
  expect(namesIn(tableUnder('docs/operating.md', '### Options of the SQLite journal')).toSorted()).toEqual(sqlite.toSorted())
})

test('the table of statuses has every status', () => {
  const union = /type InstanceStatus = ([^\n]+)/.exec(read('runtime/contracts/journal-store.ts'))?.[1] ?? ''
  const statuses = [...union.matchAll(/'(\w+)'/g)].map(([, name = '']) => name)
  expect(namesIn(tableUnder('docs/operating.md', '## Status')).toSorted()).toEqual(statuses.toSorted())
})

test('the table of exit codes is the command line’s own', () => {
  const codes = [...read('cli/exit-codes.ts').matchAll(/^ {2}\w+: (\d),$/gm)].map(([, code]) => code)
  expect(tableUnder('docs/operating.md', '### Exit codes').map(([code]) => code)).toEqual(codes)
})

test('the commands in CONTRIBUTING exist', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const named = [...read('CONTRIBUTING.md').matchAll(/`npm (?:run )?([\w:]+)/g)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'ci')
  expect([...new Set(named)].toSorted()).toEqual(Object.keys(scripts).toSorted())
})

test('links between pages lead somewhere', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    ...['getting-started', 'writing-processes', 'errors-and-compensation', 'operating', 'testing', 'decisions'].map(
      (name) => `docs/${name}.md`,
    ),
  ]
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)]
      .filter(([, path = '', anchor]) => {
        const target = path === '' ? page : join(page, '..', path)
        try {
          const headings = [...read(target).matchAll(/^#+ (.+)$/gm)].map(([, text = '']) =>
            text
              .toLowerCase()
              .replaceAll(/[^\w -]/g, '')
              .replaceAll(' ', '-'),
          )
          return anchor !== undefined && !headings.includes(anchor)
        } catch {
          return true
        }
      })
      .map(([link]) => `${page}: ${link}`),
  )
  expect(broken).toEqual([])
})
