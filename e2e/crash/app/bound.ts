/** A member of an object behind a proxy. Methods are called on the object itself: private members are reached in no other way. */
export function bound<T extends object>(target: T, property: string | symbol): unknown {
  const value: unknown = Reflect.get(target, property, target)
  return typeof value === 'function' ? value.bind(target) : value
}
