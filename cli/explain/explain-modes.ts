/** How a file's project compiles it: who lowers, and in which mode decorators. */
import { dirname, join } from 'node:path'
import { getTsconfig } from 'get-tsconfig'
import { optionsOfProject } from '../../transformer/index.ts'
import { jsonOf, recordOf, valueAt } from '../doctor/read-file.ts'
import { HOSTS, isInstalled, type HostName } from './hosts.ts'

export interface DecoratorModes {
  readonly decorators: 'standard' | 'legacy'
  readonly metadata: boolean
}

/** What the project of the file is built with, as far as configuration tells; else the first tool that is installed. */
export async function defaultHost(file: string): Promise<HostName> {
  const folder = dirname(file)
  const plugins: unknown = getTsconfig(file)?.config.compilerOptions?.plugins
  const hasPlugin = Array.isArray(plugins) && plugins.some((plugin: unknown) => recordOf(plugin)?.['transform'] === 'catga/transformer')
  const wanted: readonly HostName[] = hasPlugin ? ['tsc'] : swcrcOf(folder) !== undefined ? ['swc'] : []
  for (const name of [...wanted, ...HOSTS]) if (await isInstalled(name, folder)) return name
  return 'none'
}

/** As the `.swcrc` says where swc lowers, else as the `tsconfig.json` does. */
export function decoratorModes(file: string, host: HostName): DecoratorModes {
  const transform = host === 'swc' ? valueAt(swcrcOf(dirname(file)), 'jsc', 'transform') : undefined
  if (transform !== undefined) {
    return {
      decorators: valueAt(transform, 'legacyDecorator') === true ? 'legacy' : 'standard',
      metadata: valueAt(transform, 'decoratorMetadata') === true,
    }
  }
  const { decorators = 'standard', emitDecoratorMetadata = false } = optionsOfProject(file)
  return { decorators, metadata: emitDecoratorMetadata }
}

function swcrcOf(folder: string): Readonly<Record<string, unknown>> | undefined {
  const found = jsonOf(join(folder, '.swcrc'))
  return found !== undefined || folder === dirname(folder) ? found : swcrcOf(dirname(folder))
}
