import { createTransforms } from './create-transforms.ts'
import { ORIGINALS, type SwcCore, type SwcTransforms } from './load-swc.ts'

/** Makes a loaded `@swc/core` compile processes, for whoever calls it. Doing it again changes nothing. */
export function patchSwc(swc: SwcCore): void {
  if (ORIGINALS in swc) return
  const { transform, transformSync, transformFile, transformFileSync } = swc
  const originals: SwcTransforms = { transform, transformSync, transformFile, transformFileSync }
  Object.defineProperty(swc, ORIGINALS, { value: originals })
  Object.assign(swc, createTransforms({ swc: originals }))
}
