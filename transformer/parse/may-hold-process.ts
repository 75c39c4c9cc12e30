/** The tests that every file of a project pays for; they need no parser. */

/**
 * What every file has that `mayHoldProcess` lets through: the package's name, or our decorator, which may come by way of another
 * module, and that is a mistake to tell about. A pattern, because bundlers try it in native code.
 */
export const NAMES_CATGA = /['"]catga['"]|@(?:[\w$]+\.)?CatgaProcess\b/

/**
 * Whether a file can hold anything for the compiler: it names one of our decorators, or a function that means something in a process
 * only, and the package. Every file of a project pays for this test and nearly all stop here, so it looks at text only and may say
 * yes in vain.
 */
export function mayHoldProcess(source: string): boolean {
  return MARKERS.some((marker) => source.includes(marker)) && NAMES_CATGA.test(source)
}

/** The same of a file that is no text yet, which costs less and lets more through. */
export function mayNameCatga(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(IN_ALL_NAMES)
}

/** In both alternatives of `NAMES_CATGA`. */
const IN_ALL_NAMES = 'atga'

const MARKERS = ['CatgaProcess', 'ProcessStep', 'stepContext', 'keyed', 'sleep', 'waitFor', 'tryWaitFor']
