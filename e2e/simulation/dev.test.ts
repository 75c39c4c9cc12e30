import { appendFileSync } from 'node:fs'
import { test } from 'vitest'
import { simulate } from './simulation.ts'
import { Counters } from './counters.ts'
test('dev', async () => {
  const from = Number(process.env['FROM'] ?? 0),
    count = Number(process.env['COUNT'] ?? 100)
  const c = new Counters()
  const kinds = new Map<string, number[]>()
  const t = performance.now()
  for (let seed = from; seed < from + count; seed++) {
    appendFileSync('/tmp/simseed', seed + '\n')
    const r = await simulate(seed, { keepLog: process.env['LOG'] === '1', calm: process.env['CALM'] === '1' })
    c.merge(r.counters)
    if (r.lines) console.log(r.lines.join('\n'))
    for (const v of r.violations) {
      const k = v
        .replaceAll(/[0-9]+/g, '#')
        .replaceAll(/r[.|*a-z#]+/g, 'U')
        .slice(0, 150)
      ;(kinds.get(k) ?? kinds.set(k, []).get(k)!).push(seed)
      if (count <= 3) console.log(seed, v)
    }
  }
  const ms = performance.now() - t
  console.log(c.toString())
  console.log((ms / count).toFixed(2), 'ms per seed')
  for (const [k, s] of [...kinds].sort((a, b) => b[1].length - a[1].length).slice(0, 15)) console.log(s.length, s.slice(0, 4).join(), k)
}, 600000)
