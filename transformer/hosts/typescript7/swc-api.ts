/** The part of `@swc/core` that is used here; it is loaded from the user's project. */
export interface Swc {
  readonly version: string
  readonly transform: (
    source: string,
    options: Readonly<Record<string, unknown>>,
  ) => Promise<{ readonly code: string; readonly map?: string | undefined }>
}
