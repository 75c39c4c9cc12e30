/** What `catga` ends with. Scripts may rely on the numbers; see "Exit codes" in docs/operating.md. */
export const EXIT = {
  /** Done. */
  ok: 0,
  /** It was tried and failed: the store is unreadable, or the file has compile errors. */
  failed: 1,
  /** The command line is wrong; nothing was tried. */
  usage: 2,
  /** There is no such instance, store or file. */
  notFound: 3,
  /** The instance is not in a state that allows it, such as deleting one that still runs. */
  refused: 4,
  /** Ctrl-C or a signal ended it before it was done; what shells use for it. */
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
