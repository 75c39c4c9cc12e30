import { runInNewContext } from 'node:vm'

/** The manifest of a process as it stands in built code. */
export function manifestIn(code: string, process: string): unknown {
  const name = code.search(new RegExp(`process: ['"]${process}['"]`))
  const start = code.lastIndexOf('{', name)
  if (name === -1) throw new Error(`No manifest of "${process}" in:\n${code}`)
  let depth = 0
  let end = start
  do {
    const character = code[end++]
    if (character === '{') depth++
    if (character === '}') depth--
  } while (depth > 0 && end < code.length)
  return JSON.parse(runInNewContext(`JSON.stringify(${code.slice(start, end)})`) as string)
}
