/** Which modules of a bundler are files that can hold a process. */

/** TypeScript and JavaScript by the name of the file. */
export const SCRIPT_FILE = /\.[cm]?[jt]sx?$/

/** The same for the id of a module, which may end in a query. Bundlers test it in native code. */
export const SCRIPT_MODULE = /\.[cm]?[jt]sx?(?:[?#]|$)/

/** Queries that ask for something else than the module: its text, its address, a part of another file. */
const OTHER_THAN_MODULE = /[?&](?:raw|url|inline|vue|svelte|astro|commonjs-\w+)(?:[&=]|$)/

/**
 * Path of the file that a module is, or undefined: virtual modules have an id that starts with a null character or no absolute path.
 *
 * `?v=…` of Vite and the like are cut off; a `#` may be part of a path.
 */
export function moduleFile(id: string, include: RegExp = SCRIPT_FILE): string | undefined {
  if (id.includes('\0') || !/^(?:[\\/]|[a-z]:[\\/])/i.test(id)) return undefined
  const [file = id] = id.split('?')
  return OTHER_THAN_MODULE.test(id.slice(file.length)) || file.search(include) === -1 ? undefined : file
}
