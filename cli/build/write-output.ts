/**
 * Writes output so that nobody ever sees half a file: under another name in the same folder first.
 *
 * A rename is atomic, and cheaper than finding out what an interrupted build left.
 */
import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'

/** Where the folder is no folder, there is nothing to discard either. */
function discard(temporary: string): void {
  try {
    rmSync(temporary, { force: true })
  } catch {
    // What kept it from being written is told.
  }
}

export class OutputWriter {
  readonly #cwd: string
  readonly #folders = new Set<string>()

  constructor(cwd: string) {
    this.#cwd = cwd
  }

  /** @throws CliError `output-not-written`: the disk is full, or the folder may not be written to */
  write(path: string, text: string, mode: number): void {
    this.#put(path, (temporary) => writeFileSync(temporary, text, { mode }))
  }

  /** @throws CliError `output-not-written` */
  copy(from: string, path: string): void {
    this.#put(path, (temporary) => copyFileSync(resolve(this.#cwd, from), temporary))
  }

  remove(path: string): void {
    rmSync(resolve(this.#cwd, path), { force: true })
  }

  #put(path: string, make: (temporary: string) => void): void {
    const target = resolve(this.#cwd, path)
    const folder = dirname(target)
    const temporary = join(folder, `.${basename(target)}.${process.pid}.tmp`)
    try {
      if (!this.#folders.has(folder)) mkdirSync(folder, { recursive: true })
      this.#folders.add(folder)
      make(temporary)
      renameSync(temporary, target)
    } catch (error) {
      discard(temporary)
      this.#folders.delete(folder)
      const reason = error instanceof Error ? error.message : String(error)
      throw new CliError(EXIT.failed, 'output-not-written', `Output file "${path}" cannot be written: ${reason}`, { cause: error })
    }
  }
}
