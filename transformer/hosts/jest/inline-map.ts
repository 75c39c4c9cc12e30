export interface ExtractedMap {
  readonly code: string
  /** As JSON; undefined where the code carries none. */
  readonly map: object | string | undefined
}

const INLINE_MAP = /^\/\/# sourceMappingURL=data:application\/json;(?:charset=[\w-]+;)?base64,([\w+/=]+)\s*$/m

/** Takes the map that a transformer left in a comment out of its code. */
export function extractInlineMap(code: string): ExtractedMap {
  const found = INLINE_MAP.exec(code)
  if (found === null) return { code, map: undefined }
  return {
    code: code.slice(0, found.index) + code.slice(found.index + found[0].length),
    map: Buffer.from(found[1] ?? '', 'base64').toString('utf8'),
  }
}

export function withInlineMap(code: string, map: object): string {
  const url = `data:application/json;charset=utf-8;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`
  return `${code.endsWith('\n') ? code : `${code}\n`}//# sourceMappingURL=${url}\n`
}
