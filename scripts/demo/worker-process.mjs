/** The example's worker as a process of its own, which can be killed. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { root } from '../run.mjs'

/** Far above what it takes, for machines that have much else to do. */
const PATIENCE_MS = 60_000

/** @param {readonly string[]} args */
export function startWorker(args) {
  const child = spawn(process.execPath, ['--enable-source-maps', join(root, 'examples', '01-order', 'dist', 'worker.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })))
  return {
    pid: child.pid,
    output: () => output,
    ended,
    /** Waits until `ready` answers true; a worker that ends or dawdles first is an error. */
    async until(ready) {
      const deadline = Date.now() + PATIENCE_MS
      while (!(await ready())) {
        if (child.exitCode !== null) throw new Error(`The worker ended too early with code ${child.exitCode}:\n${output}`)
        if (Date.now() > deadline) throw new Error(`The worker did not get where it should within ${PATIENCE_MS} ms:\n${output}`)
        await delay(10)
      }
    },
    /** Waits for the worker's own end. */
    async untilEnd() {
      const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
      const end = await ended
      clearTimeout(timer)
      if (end.code !== 0) throw new Error(`The worker ended with ${end.signal ?? `code ${end.code}`}:\n${output}`)
    },
    kill() {
      if (child.exitCode === null) child.kill('SIGKILL')
      return ended
    },
  }
}
