/**
 * A copy of data that the validating walk found to be plain all through: objects with the usual prototype, arrays without
 * holes, primitives. It equals what unpacking the value's payload gives, at a fraction of the cost.
 */
export function clonePlain(value: object): object {
  if (Array.isArray(value)) {
    const items = new Array<unknown>(value.length)
    for (let i = 0; i < value.length; i++) items[i] = cloneMember(value[i])
    return items
  }
  const copy: Record<string, unknown> = {}
  // Not a spread: it would take symbol-keyed properties along.
  for (const key of Object.keys(value)) copy[key] = cloneMember((value as Record<string, unknown>)[key])
  return copy
}

function cloneMember(member: unknown): unknown {
  return typeof member === 'object' && member !== null ? clonePlain(member) : member
}
