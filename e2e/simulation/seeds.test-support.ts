import { expect, test } from 'vitest'
import { Counters } from './counters.ts'
import { simulate, type SimulationReport } from './simulation.ts'

/** Seeds of each shard in the bounded set of tests, and in the soak. */
const BOUNDED = 5_000
const SOAK = 125_000
const SHARDS = 4
/** Every so many seeds are run again with nothing going wrong, for comparison. */
const COMPARE_EVERY = 8
const MOST_FAILURES = 5

/** What has to happen, for each thousand seeds, or the simulation does not test what it says: about a third of what does. */
const LEAST_PER_THOUSAND: Readonly<Record<string, number>> = {
  'acknowledgements lost': 150,
  'messages lost': 400,
  'messages delivered twice': 80,
  'appends acknowledged at once': 1000,
  'appends repeated': 60,
  'stale appends rejected': 4,
  'fenced operations': 40,
  takeovers: 120,
  crashes: 120,
  'crash before append': 20,
  'crash after append': 20,
  'crash in body': 15,
  'crash at a random time': 60,
  pauses: 60,
  'leases lost': 25,
  drains: 50,
  outages: 30,
  'machines cut off': 25,
  'clock jumps back': 12,
  'clock jumps forward': 12,
  'clock jumps of the store': 35,
  cancels: 60,
  signals: 430,
  parkings: 95,
  wakes: 95,
  'entry timer-set': 250,
  'entry timer-fired': 200,
  'entry signal-received': 400,
  resumes: 6,
  'instances completed': 200,
  'instances failed': 150,
  'instances cancelled': 50,
  'instances whose certainty is: all': 150,
  'entry step-compensated': 350,
  'entry undo-attempt-failed': 80,
  'entry attempt-failed': 350,
  'entry step-failed': 300,
  'compared with a calm run': 40,
}

/** Declares the test of one shard of the seeds. */
export function testSeeds(shard: number): void {
  const isSoak = process.env['CATGA_SOAK'] === '1'
  const count = isSoak ? SOAK : BOUNDED
  const first = shard * count
  test(
    `seeds ${first} to ${first + count - 1}`,
    async () => {
      const counters = new Counters()
      const failures: string[] = []
      for (let seed = first; seed < first + count; seed++) {
        const report = await simulate(seed)
        counters.merge(report.counters)
        const wrong = [...report.violations, ...(seed % COMPARE_EVERY === 0 ? await compareWithCalm(report, counters) : [])]
        if (wrong.length > 0)
          failures.push(`seed ${seed}: ${wrong.join('; ')}\n  CATGA_SEED=${seed} npx vitest run e2e/simulation/replay.test.ts`)
        if (failures.length >= MOST_FAILURES) break
      }
      expect(failures.join('\n')).toBe('')
      console.log(`simulation, shard ${shard + 1} of ${SHARDS}:\n${counters}`)
      expect(counters.of('seeds')).toBe(count)
      const tooFew = Object.entries(LEAST_PER_THOUSAND).filter(([what, least]) => counters.of(what) < (least * count) / 1000)
      expect(tooFew.map(([what, least]) => `${what}: ${counters.of(what)}, at least ${(least * count) / 1000}`)).toEqual([])
    },
    isSoak ? 24 * 3600 * 1000 : 600_000,
  )
}

/** What faults and other workers did must not show in an end that the program decides. */
async function compareWithCalm(report: SimulationReport, counters: Counters): Promise<string[]> {
  const calm = await simulate(report.seed, { calm: true })
  const wrong = calm.violations.map((violation) => `with nothing going wrong: ${violation}`)
  for (const [id, certain] of report.certain) {
    if (certain === 'nothing') continue
    counters.add('compared with a calm run')
    if (calm.ends.get(id) !== report.ends.get(id))
      wrong.push(`${id} ended "${report.ends.get(id)}", and "${calm.ends.get(id)}" with nothing going wrong`)
  }
  return wrong
}
