/** Patterns of paths, as command lines of compilers take them: `*`, `**`, `?`, `[a-z]`, `{a,b}` and `@(a|b)`. Paths have forward slashes. */
export interface GlobOptions {
  /** Whether wildcards match a name's leading dot. */
  readonly dot: boolean
}

export function globPattern(glob: string, { dot }: GlobOptions): RegExp {
  const name = dot ? '' : String.raw`(?!\.)`
  const anyFolders = `(?:${name}[^/]+/)*`
  let pattern = ''
  let at = glob.startsWith('./') ? 2 : 0
  const groups: string[] = []
  while (at < glob.length) {
    const rest = glob.slice(at)
    const start = at === 0 || glob[at - 1] === '/' ? name : ''
    const [token = ''] = /^(?:\*\*\/|\*\*$|\/\*\*$|[@+*?]\(|\*+|\[!?\]?[^\]/]*\]|\\.|[^])/u.exec(rest) ?? []
    at += token.length
    if (token === '**/') pattern += anyFolders
    else if (token === '**') pattern += `${anyFolders}(?:${name}[^/]+)?`
    // A folder is meant with all that is in it.
    else if (token === '/**') pattern += `(?:/${anyFolders}${name}[^/]+)?`
    else if (/^[@+*?]\($/.test(token)) {
      pattern += '(?:'
      groups.push(token.startsWith('@') ? ')' : `)${token.slice(0, 1)}`)
    } else if (token.startsWith('*')) pattern += `${start}[^/]*`
    else if (token === '?') pattern += `${start}[^/]`
    else if (token.startsWith('[') && token.length > 2) pattern += token.replace(/^\[!/, '[^').replaceAll('\\', '\\\\')
    else if (token === '{') {
      pattern += '(?:'
      groups.push(')')
    } else if (token === '}' && groups.length > 0) pattern += groups.pop() ?? ''
    else if (token === ')' && groups.length > 0) pattern += groups.pop() ?? ''
    else if ((token === ',' || token === '|') && groups.length > 0) pattern += '|'
    else pattern += literal(token.length === 2 && token.startsWith('\\') ? token.slice(1) : token)
  }
  return new RegExp(`^${pattern}${groups.reverse().join('')}/?$`, 'u')
}

function literal(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}/]/g, String.raw`\$&`)
}
