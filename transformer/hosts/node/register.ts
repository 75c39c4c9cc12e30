/**
 * `catga/register`: compiles process files as Node loads them.
 *
 * ```sh
 * node --import catga/register app.ts
 * ```
 *
 * Importing it is all there is to it; it exports nothing.
 */
import { isMainThread, MessageChannel, parentPort, receiveMessageOnPort } from 'node:worker_threads'
import { FileCompiler } from './file-compiler.ts'
import { ImportHooks } from './import-hooks.ts'
import { nodeModule } from './node-module.ts'
import { hookRequire } from './require-hook.ts'
import { syncHooks } from './sync-hooks.ts'
import type { ThreadHooksData } from './thread-hooks.ts'
import { type CompilerWarning, emitWarning } from './warnings.ts'

/** Two copies of the package may both be asked for; one compiles. */
const REGISTERED = Symbol.for('catga.register')

/** Node 20 runs what `--require` names in the thread of its hooks too; workers of the program have a parent to talk to. */
const isHooksThread = !isMainThread && parentPort === null

if (!isHooksThread && !(REGISTERED in globalThis)) {
  Object.defineProperty(globalThis, REGISTERED, { value: true })
  register()
}

function register(): void {
  process.setSourceMapsEnabled(true)
  const files = new FileCompiler(emitWarning)
  const { registerHooks } = nodeModule
  const hookImport = registerHooks === undefined ? hookImportInThread : () => registerHooks(syncHooks(new ImportHooks(files)))
  hookImport()
  // Hooks registered last run first. Once preloading is over ours are to be the last: what imports a CommonJS file would be
  // compiled by loaders after us, and its map would be kept under the file's own name.
  hookRequire(files, hookImport)
}

function hookImportInThread(): void {
  const { port1: port, port2: warnings } = new MessageChannel()
  const data: ThreadHooksData = { warnings }
  nodeModule.register(new URL('./thread-hooks.js', import.meta.url), { data, transferList: [warnings] })
  port.on('message', emitWarning)
  port.unref()
  // A short program is over before its loop gets to the port.
  process.once('beforeExit', () => {
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
      emitWarning(next.message as CompilerWarning)
    }
  })
}
