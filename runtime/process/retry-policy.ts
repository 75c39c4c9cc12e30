import type { RetryOptions } from './manifest.ts'

/** What happens when an option is left out: 3 attempts, 100 ms, doubling, at most 30 s, half of it random. */
export const DEFAULT_RETRY: Required<RetryOptions> = {
  attempts: 3,
  backoffMs: 100,
  factor: 2,
  maxBackoffMs: 30_000,
  jitter: 0.5,
}

/** The first of the given policies that says something about an option decides it. */
export function resolveRetry(...policies: readonly (RetryOptions | undefined)[]): Required<RetryOptions> {
  const resolved = { ...DEFAULT_RETRY }
  for (const policy of policies.toReversed()) Object.assign(resolved, policy)
  return resolved
}

/**
 * Milliseconds to wait after failed attempt number `attempt` (1-based). Exponential with partial jitter.
 * @param random a number in [0, 1)
 */
export function backoffMs(policy: Required<RetryOptions>, attempt: number, random: number): number {
  const full = Math.min(policy.maxBackoffMs, policy.backoffMs * policy.factor ** (attempt - 1))
  return Math.round(full * (1 - policy.jitter * random))
}
