/** Projects of a build in the order they can be built: what is referenced comes first. */
import { existsSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { parseTsconfig } from 'get-tsconfig'
import { TypeScript7Error } from './typescript7-error.ts'

export interface Project {
  /** Absolute path of its `tsconfig.json`. */
  readonly configFile: string
  /** Projects it references, themselves and through others. */
  readonly references: ReadonlySet<string>
  /** It has no files of its own and only names others. */
  readonly isSolution: boolean
}

/**
 * @param project absolute path of a `tsconfig.json`, or of the folder that holds it
 * @throws TypeScript7Error a file that is not there or not to be read, or projects that reference each other in a circle
 */
export function projectsInOrder(project: string): readonly Project[] {
  const ordered = new Map<string, Project>()
  visit(configFileAt(project), [], ordered)
  return [...ordered.values()]
}

function visit(configFile: string, path: readonly string[], ordered: Map<string, Project>): Project {
  if (path.includes(configFile)) throw circular([...path.slice(path.indexOf(configFile)), configFile])
  const known = ordered.get(configFile)
  if (known !== undefined) return known
  const { files, include, references = [] } = read(configFile)
  const all = new Set<string>()
  for (const reference of references) {
    const referenced = visit(configFileAt(resolve(dirname(configFile), reference.path)), [...path, configFile], ordered)
    for (const each of [referenced.configFile, ...referenced.references]) all.add(each)
  }
  const isSolution = references.length > 0 && files?.length === 0 && (include ?? []).length === 0
  const visited: Project = { configFile, references: all, isSolution }
  ordered.set(configFile, visited)
  return visited
}

function configFileAt(path: string): string {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, 'tsconfig.json') : path
  if (!existsSync(file)) throw new TypeScript7Error('tsconfig-missing', `There is no ${file}: name a tsconfig.json with -p.`)
  return file
}

function read(configFile: string): ReturnType<typeof parseTsconfig> {
  try {
    return parseTsconfig(configFile)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new TypeScript7Error('tsconfig-unreadable', `${configFile} cannot be read: ${reason}`, { cause })
  }
}

function circular(cycle: readonly string[]): TypeScript7Error {
  const names = cycle.map((file) => relative(process.cwd(), file) || file).join(' → ')
  const message = `Project references go in a circle: ${names}. Remove one of them, or move what both need into a project of its own.`
  return new TypeScript7Error('circular-references', message)
}
