import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** An example in a page or a docstring. */
export interface CodeBlock {
  /** `docs/testing.md:12`. */
  readonly place: string
  /** After the three backticks: `ts`, `ts run`, `ts order-process.ts`. */
  readonly info: string
  readonly code: string
  /** What a `ts run` block prints, by the `text` block that follows it at once. */
  readonly output: string | undefined
}

/** Contributors' page on the compiler's output; its listings are abridged and the fixtures hold the whole. */
const ABRIDGED = new Set(['emitted-code.md'])

/** The TypeScript of README and guides. */
export function blocksOfPages(): readonly CodeBlock[] {
  const guides = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md') && !ABRIDGED.has(name))
  const pages = ['README.md', 'CONTRIBUTING.md', ...guides.map((name) => `docs/${name}`)]
  return [...pages.flatMap((page) => blocksOf(page)), ...blocksOfHosts()]
}

/** Named files on pages of hosts are for the host's own tool, and the tests in `e2e/hosts` build with them. */
function blocksOfHosts(): readonly CodeBlock[] {
  const pages = readdirSync(join(root, 'docs', 'hosts')).map((name) => `docs/hosts/${name}`)
  return pages.flatMap((page) => blocksOf(page)).filter(({ info }) => info === 'ts')
}

function blocksOf(page: string): readonly CodeBlock[] {
  return blocksIn(page, readFileSync(join(root, page), 'utf8'))
}

/** The TypeScript in docstrings of shipped code. */
export function blocksOfDocstrings(): readonly CodeBlock[] {
  return ['runtime', 'transformer'].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => `${room}/${name.replaceAll('\\', '/')}`)
      .flatMap((file) => blocksIn(file, withoutStars(readFileSync(join(root, file), 'utf8')))),
  )
}

/** Only block comments are left, without their stars; every line stays where it is. */
function withoutStars(source: string): string {
  let inComment = false
  return source
    .split('\n')
    .map((line) => {
      inComment ||= /^\s*\/\*\*/.test(line)
      const text = inComment ? line.replace(/^\s*\/?\*+\/?( |$)/, '') : ''
      if (line.includes('*/')) inComment = false
      return text
    })
    .join('\n')
}

function blocksIn(file: string, text: string): readonly CodeBlock[] {
  const fences = [...text.matchAll(/^```(\w[^\n]*)\n([\s\S]*?)^```$/gm)]
  return fences.flatMap((fence, index) => {
    const [whole, info = '', code = ''] = fence
    if (!/^ts\b/.test(info)) return []
    const next = fences[index + 1]
    const follows = next !== undefined && text.slice(fence.index + whole.length, next.index).trim() === '' && next[1] === 'text'
    const line = text.slice(0, fence.index).split('\n').length
    return [{ place: `${file}:${line}`, info, code, output: follows ? next[2] : undefined }]
  })
}
