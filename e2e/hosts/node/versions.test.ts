/** Every Node, alone and beside tsx in either order, for `import` and for `require`. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { NodeVersion } from '../../support/host-project.ts'
import { ProjectForEveryNode } from './every-node.ts'
import { loaderProject, NODES, nodeOption, printed, REGISTER, TSX } from './loader-project.ts'
import { PLACE_LINE } from './sources.ts'

const ORDERS = { alone: REGISTER, 'after tsx': [...TSX, ...REGISTER], 'before tsx': [...REGISTER, ...TSX] }
let projects: ProjectForEveryNode
beforeAll(async () => {
  projects = await ProjectForEveryNode.create(() => loaderProject(['esbuild', 'tsx']))
}, 120_000)
afterAll(() => projects?.[Symbol.dispose]())

const cases = NODES.flatMap((node) =>
  Object.entries(ORDERS).map(([order, flags]) => ({ name: node ?? process.version, node, order, flags })),
)

describe.each(['import', 'require'] as const)('%s', (way) => {
  test.concurrent.each(cases)('$name $order', async ({ node, order, flags }) => {
    const { folder, found } = await run(way, node, order, flags)
    const place = expect.stringMatching(
      new RegExp(` at _?OrderProcess\\d?\\.place \\(.*${folder}.order\\.process\\.ts:${PLACE_LINE}:`),
    ) as string
    expect(found).toMatchObject({ results: [place, place] })
    const { results, calls } = found as { readonly results: readonly string[]; readonly calls: number }
    // The decorator of somebody else's saw each call of the step.
    expect(calls).toBeGreaterThanOrEqual(2)
    expect(results.map((result) => result.split(' ').slice(0, 4))).toEqual([
      ['A', 'Large', '150', 'corner'],
      ['B', 'Large', '150', 'corner'],
    ])
    if (way === 'require') expect(found).toMatchObject({ same: true, main: true })
  })
})

async function run(way: 'import' | 'require', node: NodeVersion | undefined, order: string, flags: readonly string[]) {
  const host = projects.for(node)
  const [folder, file] = way === 'import' ? ['esm', 'app.ts'] : ['cjs', 'app.js']
  const database = host.file([way, node ?? 'own', order.replace(' ', '-'), 'db'].join('.'))
  const { code, output } = await host.run([...flags, host.file(folder, file), database], nodeOption(node))
  expect(code, output).toBe(0)
  return { folder, found: printed(output) }
}
