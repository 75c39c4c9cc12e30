import { testSeeds } from './seeds.test-support.ts'

testSeeds(2)
