/**
 * What `import` of a CommonJS file gets: an ES module that requires the file and hands on what it exports. So the file runs once,
 * whoever asks for it, and its class is one class. Node would look for the names in the file on disk, which is TypeScript.
 */
import { moduleSyntax } from '../../parse/parse.ts'
import { findOtherModule } from '../other-modules.ts'
import type { ProjectOptions } from '../project-options.ts'

export interface CommonJsFacade {
  readonly fileName: string
  readonly source: string
  readonly project: ProjectOptions
  /** Whether it is the program's entry, which is `require.main`. */
  readonly isMain: boolean
}

export function commonJsFacade({ fileName, source, project, isMain }: CommonJsFacade): string {
  const file = JSON.stringify(fileName)
  const names = [...exportedNames(source, fileName, project)]
  return [
    "import module from 'node:module'",
    isMain ? `const exported = module._load(${file}, undefined, true)` : `const exported = module.createRequire(${file})(${file})`,
    'export default exported',
    ...names.map((name, index) => `const $${index} = exported?.[${JSON.stringify(name)}]\nexport { $${index} as ${JSON.stringify(name)} }`),
  ].join('\n')
}

/** Without `default`, which is all of `module.exports` as everywhere in Node. */
function exportedNames(source: string, fileName: string, project: ProjectOptions, seen = new Set<string>()): Set<string> {
  if (seen.has(fileName)) return new Set()
  seen.add(fileName)
  const { exported, exportedAll } = moduleSyntax(source, fileName)
  const names = new Set(exported)
  for (const specifier of exportedAll) {
    const other = findOtherModule(specifier, fileName, project)
    if (other === undefined) continue
    for (const name of exportedNames(other.source, other.fileName, project, seen)) names.add(name)
  }
  names.delete('default')
  return names
}
