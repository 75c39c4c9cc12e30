/** Patterns of paths, as command lines of compilers take them: `*`, `**`, `?`, `[a-z]`, `{a,b}`, `@(a|b)` and `!(a)`. Paths have forward slashes. */
export interface GlobOptions {
  /** Whether wildcards match a name's leading dot. */
  readonly dot: boolean
}

export function globPattern(glob: string, { dot }: GlobOptions): RegExp {
  return new RegExp(`^${patternOf(glob.startsWith('./') ? glob.slice(2) : glob, dot, '')}/?$`, 'u')
}

/** @param before what the text that is matched comes after: a wildcard at the beginning of a name is another than one within */
function patternOf(glob: string, dot: boolean, before: string): string {
  const name = dot ? '' : String.raw`(?!\.)`
  const anyFolders = `(?:${name}[^/]+/)*`
  let pattern = ''
  let at = 0
  const groups: string[] = []
  while (at < glob.length) {
    const rest = glob.slice(at)
    const start = /(?:^|\/)$/.test(before + glob.slice(0, at)) ? name : ''
    const negated = groups.length === 0 ? /^!\(([^()]*)\)/.exec(rest) : null
    if (negated !== null) {
      const alternatives = (negated[1] ?? '').split('|').map((alternative) => patternOf(alternative, dot, before + glob.slice(0, at)))
      const after = patternOf(rest.slice(negated[0].length), dot, before + glob.slice(0, at) + negated[0])
      // What is not to be there is so together with what comes after: `!(*.test).ts` has to leave `a.test.ts` out.
      return `${pattern}(?!(?:${alternatives.join('|')})${after}/?$)${start}[^/]*?${after}`
    }
    const [token = ''] = /^(?:\*\*\/|\*\*$|\/\*\*$|[@+*?]\(|\*+|\[!?\]?[^\]/]*\]|\\.|[^])/u.exec(rest) ?? []
    at += token.length
    if (token === '**/') pattern += anyFolders
    else if (token === '**') pattern += `${anyFolders}(?:${name}[^/]+)?`
    // A folder is meant with all that is in it.
    else if (token === '/**') pattern += `(?:/${anyFolders}${name}[^/]+)?`
    else if (/^[@+*?]\($/.test(token) && rest.includes(')')) {
      pattern += '(?:'
      groups.push(token.startsWith('@') ? ')' : `)${token.slice(0, 1)}`)
    } else if (token.startsWith('*')) pattern += `${start}[^/]*`
    else if (token === '?') pattern += `${start}[^/]`
    else if (token.startsWith('[') && token.length > 2) pattern += bracketPattern(token)
    else if (token === '{' && rest.includes('}')) {
      pattern += '(?:'
      groups.push(')')
    } else if (token === '}' && groups.length > 0) pattern += groups.pop() ?? ''
    else if (token === ')' && groups.length > 0) pattern += groups.pop() ?? ''
    else if ((token === ',' || token === '|') && groups.length > 0) pattern += '|'
    else pattern += literal(token.length === 2 && token.startsWith('\\') ? token.slice(1) : token)
  }
  return `${pattern}${groups.reverse().join('')}`
}

/** A set of characters, and the text itself as well: `[id]` is a folder's name in many a project. */
function bracketPattern(token: string): string {
  const set = token.replace(/^\[!/, '[^').replaceAll('\\', '\\\\')
  return set.startsWith('[^') ? set : `(?:${set}|${literal(token)})`
}

function literal(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}/]/g, String.raw`\$&`)
}
