/** Decorators of other people's are lowered by one tool in one mode: two that disagree give two programs. */
import { join } from 'node:path'
import type { Finding } from '../finding.ts'
import { mentionsCatga } from '../hosts.ts'
import type { InspectedPackage, InspectedProject } from '../inspected-project.ts'
import { valueAt } from '../read-file.ts'
import { optionValue, scriptCommands } from '../scripts.ts'
import { jsonOf } from '../read-file.ts'

export function checkDecorators({ packages, show }: InspectedProject): readonly Finding[] {
  return packages.flatMap((inspected) => {
    if (inspected.processes.length === 0) return []
    return [...swcMode(inspected, show), ...esbuildMode(inspected, show)]
  })
}

interface Modes {
  readonly legacy: boolean
  readonly metadata: boolean
}

function modesOf({ tsconfigs }: InspectedPackage, path: string): Modes | undefined {
  const options = tsconfigs.find((tsconfig) => tsconfig.path === path)?.config.compilerOptions
  return options && { legacy: options.experimentalDecorators === true, metadata: options.emitDecoratorMetadata === true }
}

function* swcMode(inspected: InspectedPackage, show: InspectedProject['show']): Generator<Finding> {
  const path = join(inspected.folder, '.swcrc')
  const swcrc = jsonOf(path)
  const typescript = modesOf(inspected, join(inspected.folder, 'tsconfig.json'))
  if (swcrc === undefined || typescript === undefined) return
  const transform = valueAt(swcrc, 'jsc', 'transform')
  const legacy = valueAt(transform, 'legacyDecorator') === true
  if (legacy !== typescript.legacy) {
    yield {
      code: 'decorators-differ',
      severity: 'error',
      place: show(path),
      message: `"legacyDecorator" is ${legacy} here and "experimentalDecorators" is ${typescript.legacy} in tsconfig.json: swc runs other decorators than TypeScript checks.`,
      fix: `Set jsc.transform.legacyDecorator to ${typescript.legacy}, or experimentalDecorators to ${legacy}.`,
    }
  } else if (legacy && (valueAt(transform, 'decoratorMetadata') === true) !== typescript.metadata) {
    yield {
      code: 'decorator-metadata-differs',
      severity: 'error',
      place: show(path),
      message: `"decoratorMetadata" is ${!typescript.metadata} here and "emitDecoratorMetadata" is ${typescript.metadata} in tsconfig.json.`,
      fix: `Set jsc.transform.decoratorMetadata to ${typescript.metadata}.`,
    }
  }
}

function* esbuildMode(inspected: InspectedPackage, show: InspectedProject['show']): Generator<Finding> {
  const main = modesOf(inspected, join(inspected.folder, 'tsconfig.json'))
  const esbuild = inspected.configs.find(({ text }) => /['"]catga\/esbuild['"]/.test(text))
  if (main?.metadata === true && esbuild !== undefined) {
    yield {
      code: 'decorator-metadata-lost',
      severity: 'warning',
      place: show(esbuild.path),
      message: 'esbuild does not emit decorator metadata, which "emitDecoratorMetadata" in tsconfig.json asks for.',
      fix: 'Build with swc or tspc what needs metadata, or set emitDecoratorMetadata to false.',
    }
  }
  for (const command of scriptCommands(inspected.manifest)) {
    const named = command.program === 'esbuild' || mentionsCatga(command.text) ? optionValue(command, '--tsconfig') : undefined
    const other = named === undefined ? undefined : modesOf(inspected, join(inspected.folder, named))
    if (main === undefined || other === undefined || other.legacy === main.legacy) continue
    yield {
      code: 'decorators-differ',
      severity: 'error',
      place: `package.json: ${command.script}`,
      message: `${named} has "experimentalDecorators": ${other.legacy}, and processes are compiled as tsconfig.json says: ${main.legacy}.`,
      fix: 'Give both the same experimentalDecorators.',
    }
  }
}
