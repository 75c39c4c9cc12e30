/**
 * Writes output so that nobody ever sees half a file: under another name in the same folder first.
 *
 * A rename is atomic, and cheaper than finding out what an interrupted build left.
 */
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'

export class OutputWriter {
  readonly #cwd: string
  readonly #folders = new Set<string>()

  constructor(cwd: string) {
    this.#cwd = cwd
  }

  /** @throws CliError `output-not-written`: the disk is full, or the folder may not be written to */
  write(path: string, text: string, mode: number): Promise<void> {
    return this.#put(path, (temporary) => writeFile(temporary, text, { mode }))
  }

  /** @throws CliError `output-not-written` */
  copy(from: string, path: string): Promise<void> {
    return this.#put(path, (temporary) => copyFile(resolve(this.#cwd, from), temporary))
  }

  async remove(path: string): Promise<void> {
    await rm(resolve(this.#cwd, path), { force: true })
  }

  async #put(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
    const target = resolve(this.#cwd, path)
    const folder = dirname(target)
    const temporary = join(folder, `.${basename(target)}.${process.pid}.tmp`)
    try {
      if (!this.#folders.has(folder)) await mkdir(folder, { recursive: true })
      this.#folders.add(folder)
      await make(temporary)
      await rename(temporary, target)
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined)
      this.#folders.delete(folder)
      const reason = error instanceof Error ? error.message : String(error)
      throw new CliError(EXIT.failed, 'output-not-written', `Output file "${path}" cannot be written: ${reason}`, { cause: error })
    }
  }
}
