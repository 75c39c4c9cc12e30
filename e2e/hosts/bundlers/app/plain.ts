/** No process in here, although 'catga' and CatgaProcess are named. */
export interface Named {
  readonly name: string
}

export const names = ['catga', 'CatgaProcess'].map((name): Named => ({ name }))
export const texts: readonly string[] = names.map(({ name }) => `plain ${name}` satisfies string)
