import { appending } from './journal-store/appending.ts'
import { keeping } from './journal-store/keeping.ts'
import { owning } from './journal-store/owning.ts'
import { Scenario } from './journal-store/scenario.ts'
import type { JournalStoreAdapter } from './journal-store/scenario.ts'
import { waiting } from './journal-store/waiting.ts'

/** One check of the suite. `run` rejects when the store does not keep the contract. */
export interface ConformanceCase {
  readonly name: string
  run(): Promise<void>
}

/** Cases by name; each gets an empty store of its own. */
export type Cases = Readonly<Record<string, (scenario: Scenario) => Promise<void>>>

/**
 * What every `JournalStore` must do, as cases for any test runner. A store that passes them can carry the engine.
 *
 * ```ts
 * for (const { name, run } of journalStoreConformance({ open: (clock) => new MemoryJournalStore({ clock }) })) test(name, run)
 * ```
 */
export function journalStoreConformance(adapter: JournalStoreAdapter): readonly ConformanceCase[] {
  const groups: Readonly<Record<string, Cases>> = { appending, owning, waiting, keeping }
  return Object.entries(groups).flatMap(([group, cases]) =>
    Object.entries(cases).map(([name, check]) => ({
      name: `${group}: ${name}`,
      async run() {
        const scenario = await Scenario.open(adapter)
        try {
          await check(scenario)
        } catch (error) {
          // What the case found matters more than what closing after it finds.
          await scenario.close().catch(() => undefined)
          throw error
        }
        await scenario.close()
      },
    })),
  )
}
