import type { GeneratedNames } from '../model/file-model.ts'

/** Names for generated bindings that the file does not use; those that get numbers later are kept free with any number. */
export function generatedNames(source: string): { readonly names: GeneratedNames; readonly manifest: string } {
  const used = new Set(source.match(/\$[\w$]*/g) ?? [])
  const single = (wanted: string): string => {
    for (let number = 0; ; number++) {
      const name = number === 0 ? wanted : `${wanted}${number}`
      if (!used.has(name)) return name
    }
  }
  const numbered = (wanted: string): string => {
    for (let number = 0; ; number++) {
      const name = number === 0 ? wanted : `${wanted}${number}_`
      if (![...used].some((other) => other.startsWith(name) && /^\d*$/.test(other.slice(name.length)))) return name
    }
  }
  return {
    names: {
      runtime: single('$catga'),
      scope: numbered('$s'),
      call: single('$c'),
      value: single('$v'),
      label: single('$b'),
      error: single('$e'),
    },
    manifest: numbered('$m'),
  }
}
