/** `catga/testing`: what proves that a store keeps the port's contract, and clocks and randomness that tests own. */
export { FakeClock } from './fake-clock.ts'
export { journalStoreConformance } from './journal-store-conformance.ts'
export type { ConformanceCase } from './journal-store-conformance.ts'
export type { JournalStoreAdapter } from './journal-store/scenario.ts'
export { signalPlain } from '../process/plain-waits.ts'
export { SeededRandom } from './seeded-random.ts'
