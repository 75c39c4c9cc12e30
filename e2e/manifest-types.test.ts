/** Compiler and runtime declare the manifest each for itself, because neither imports the other; here the two are held equal. */
import { expect, expectTypeOf, test } from 'vitest'
import * as runtime from '../runtime/process/manifest.ts'
import * as transformer from '../transformer/model/manifest.ts'

test('the manifest means the same on both sides', () => {
  expect(transformer.ABI).toBe(runtime.ABI)
  expectTypeOf<transformer.ProcessManifest>().toEqualTypeOf<runtime.ProcessManifest>()
  expectTypeOf<transformer.StepManifest>().toEqualTypeOf<runtime.StepManifest>()
  expectTypeOf<transformer.FunctionManifest>().toEqualTypeOf<runtime.FunctionManifest>()
  expectTypeOf<transformer.SiteManifest>().toEqualTypeOf<runtime.SiteManifest>()
  expectTypeOf<transformer.RetryOptions>().toEqualTypeOf<runtime.RetryOptions>()
})
