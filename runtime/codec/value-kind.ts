import { types } from 'node:util'

/** What a refused value is, in words, and what to do about it. */
export interface KindDescription {
  readonly found: string
  readonly advice: string
}

/** Whether an object of another realm (a vm context, an iframe) is a plain object there. */
export function isDataObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === null) return true
  return (
    typeof prototype === 'object' &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, 'hasOwnProperty') &&
    !Array.isArray(value)
  )
}

/** Describes a value that does not survive the journal. */
export function describeKind(value: unknown): KindDescription {
  if (typeof value === 'function')
    return {
      found: value.name === '' ? 'a function' : `the function "${value.name}"`,
      advice: 'Pass data, and call the function where it is.',
    }
  if (typeof value === 'symbol') return { found: `the symbol ${String(value)}`, advice: 'Use a string.' }
  if (typeof value !== 'object' || value === null) return { found: `a ${typeof value}`, advice: 'Use a plain value.' }
  if (types.isProxy(value)) return { found: 'a Proxy', advice: 'Pass a plain copy, for example structuredClone(value).' }
  if (types.isPromise(value) || hasMethod(value, 'then')) return { found: 'a Promise', advice: 'Add "await" before it.' }
  if (types.isBoxedPrimitive(value)) return { found: `a boxed ${className(value)}`, advice: 'Write it without "new".' }
  if (types.isWeakMap(value) || types.isWeakSet(value))
    return { found: `a ${className(value)}`, advice: 'Use a Map or a Set of plain values.' }
  if (types.isGeneratorObject(value)) return { found: 'a generator', advice: 'Pass an array: [...value].' }
  if (hasMethod(value, 'pipe') || hasMethod(value, 'getReader'))
    return { found: `a stream (${className(value)})`, advice: 'Read it inside the step and return its data.' }
  return {
    found: `an instance of class ${className(value)}`,
    advice: 'Return a plain object, or register the class: createCodec({ classes: [{ name, class, toPlain, fromPlain }] }).',
  }
}

function className(value: object): string {
  const { constructor } = value
  return typeof constructor === 'function' && constructor.name !== '' ? constructor.name : 'without a name'
}

function hasMethod(value: object, name: string): boolean {
  return name in value && typeof (value as Record<string, unknown>)[name] === 'function'
}
