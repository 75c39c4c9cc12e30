/**
 * How activations and instances are written in journal keys: segments joined by `/`, occurrences after `@`, ordinals after `#`.
 */

/** Path of an activation inside another. */
export function childScope(parent: string, name: string, n: number): string {
  const own = n === 0 ? name : `${name}@${n}`
  return parent === '' ? own : `${parent}/${own}`
}

/** Names may hold anything; the characters that structure a path are escaped. */
export function escapeName(name: string): string {
  return name.replaceAll(/[%/@#]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
}
