import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Runs npm in a folder; answers what it printed. */
export async function npm(args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await run('npm', [...args], {
    cwd,
    shell: process.platform === 'win32',
    maxBuffer: 2 ** 26,
    env: { ...process.env, npm_config_loglevel: 'error' },
  })
  return stdout
}
