/** The map that a file came with, as swc finds it. */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * @param option swc's `inputSourceMap`
 * @returns undefined where there is none, or none that can be read: swc goes on without it then, too
 */
export function inputMapOf(source: string, fileName: string, option: boolean | string | undefined): object | undefined {
  if (option === false) return undefined
  if (typeof option === 'string') return parseMap(option)
  const reference = /^.*\/[/*][#@] *sourceMappingURL=([^\s*]+)/ms.exec(source)?.[1]
  return reference === undefined ? undefined : parseMap(mapText(reference, fileName))
}

function mapText(reference: string, fileName: string): string | undefined {
  const data = /^data:application\/json[^,]*?(;base64)?,/.exec(reference)
  try {
    if (data === null) return readFileSync(resolve(dirname(fileName), decodeURIComponent(reference)), 'utf8')
    const body = reference.slice(data[0].length)
    return data[1] === undefined ? decodeURIComponent(body) : Buffer.from(body, 'base64').toString()
  } catch {
    return undefined
  }
}

function parseMap(text: string | undefined): object | undefined {
  if (text === undefined) return undefined
  try {
    const map: unknown = JSON.parse(text)
    return typeof map === 'object' && map !== null && 'mappings' in map ? map : undefined
  } catch {
    return undefined
  }
}
