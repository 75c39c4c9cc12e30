/** What came of something, as a line of JSON. */
export interface PrintedOutcome {
  readonly value?: unknown
  readonly name?: string
  readonly code?: string
  readonly message?: string
}

/** Prints what `work` answers, or the error it throws. */
export async function printOutcome(work: () => Promise<unknown>): Promise<void> {
  let outcome: PrintedOutcome
  try {
    outcome = { value: await work() }
  } catch (error) {
    const { name, message, code } = error as Error & { code?: string }
    outcome = { name, message: message.slice(0, 1000), ...(code !== undefined && { code }) }
  }
  console.log(JSON.stringify(outcome))
}
