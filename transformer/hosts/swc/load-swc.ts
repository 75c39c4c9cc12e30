/** Finds `@swc/core`, an optional peer, where the user has it. */
import type * as swcCore from '@swc/core'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { SwcHostError } from './swc-host-error.ts'

export type SwcCore = typeof swcCore

/** The four functions that compile. */
export type SwcTransforms = Pick<SwcCore, 'transform' | 'transformSync' | 'transformFile' | 'transformFileSync'>

/** Where a tool's `@swc/core` that compiles processes keeps the functions it had before: see `patch-swc.ts`. */
export const ORIGINALS = Symbol.for('catga.swc.originals')

/** The one that is installed beside catga; a catga that is installed elsewhere takes the project's. */
export function loadSwc(cwd: string = process.cwd()): SwcCore {
  return requireSwc([import.meta.url, join(cwd, 'package.json')])
}

/** The one that tools load which are run in a folder. */
export function loadSwcOf(cwd: string): SwcCore {
  return requireSwc([join(cwd, 'package.json')])
}

function requireSwc(from: readonly string[]): SwcCore {
  let cause: unknown
  for (const place of from) {
    try {
      return createRequire(place)('@swc/core') as SwcCore
    } catch (error) {
      cause ??= error
      // Found, and broken: a missing binary, for one. Another copy would hide that.
      if (!isNotFound(error)) break
    }
  }
  const [first = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n')
  throw new SwcHostError('swc-missing', `catga/swc needs @swc/core beside catga: npm install --save-dev @swc/core. (${first})`, { cause })
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND' && error.message.includes('@swc/core')
}

/** The functions of swc itself, also where `catga/swc/patch` has replaced them. */
export function originalsOf(swc: SwcCore): SwcTransforms {
  return (swc as { readonly [ORIGINALS]?: SwcTransforms })[ORIGINALS] ?? swc
}
