/**
 * `catga/swc/patch`: preloaded, it makes the `@swc/core` of the working directory compile processes, for tools that load it
 * themselves.
 *
 * ```sh
 * NODE_OPTIONS="--import catga/swc/patch" npx nest build
 * ```
 *
 * Worker threads and child processes of the tool inherit it. Who has no `@swc/core` is told so at once.
 */
import { loadSwcOf } from './load-swc.ts'
import { patchSwc } from './patch-swc.ts'

patchSwc(loadSwcOf(process.cwd()))
