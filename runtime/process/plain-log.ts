/** Calls a method of the real console by name. */
export function logTo(method: string, args: readonly unknown[]): void {
  const write = (console as unknown as Record<string, unknown>)[method]
  if (typeof write === 'function') Reflect.apply(write, console, args)
}
