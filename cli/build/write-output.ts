/**
 * Writes output so that nobody ever sees half a file: under another name in the same folder first.
 *
 * A rename is atomic, and cheaper than finding out what an interrupted build left. Making a file is the one step that is handed to
 * another thread: it takes longer than all others together, on a busy disk by far.
 */
import { closeSync, mkdirSync, open, renameSync, rmSync, writeFileSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'

const openFile = promisify(open)

async function makeFile(path: string, text: string, mode: number): Promise<void> {
  const file = await openFile(path, 'w', mode)
  try {
    writeFileSync(file, text)
  } finally {
    closeSync(file)
  }
}

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
  #files = 0

  constructor(cwd: string) {
    this.#cwd = cwd
  }

  /** @throws CliError `output-not-written`: the disk is full, or the folder may not be written to */
  write(path: string, text: string, mode: number): Promise<void> {
    return this.#put(path, (temporary) => makeFile(temporary, text, mode))
  }

  /** @throws CliError `output-not-written` */
  copy(from: string, path: string): Promise<void> {
    return this.#put(path, (temporary) => copyFile(resolve(this.#cwd, from), temporary))
  }

  remove(path: string): void {
    rmSync(resolve(this.#cwd, path), { force: true })
  }

  async #put(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
    const target = resolve(this.#cwd, path)
    const folder = dirname(target)
    const temporary = join(folder, `.${basename(target)}.${process.pid}-${this.#files++}.tmp`)
    try {
      if (!this.#folders.has(folder)) mkdirSync(folder, { recursive: true })
      this.#folders.add(folder)
      await make(temporary)
      renameSync(temporary, target)
    } catch (error) {
      discard(temporary)
      this.#folders.delete(folder)
      const reason = error instanceof Error ? error.message : String(error)
      throw new CliError(EXIT.failed, 'output-not-written', `Output file "${path}" cannot be written: ${reason}`, { cause: error })
    }
  }
}
