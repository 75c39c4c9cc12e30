import type { Probe } from './probe.ts'

/**
 * Every activation of an instance sees what the others saw, in the same order, as far as it got.
 * @returns what is wrong, if anything
 */
export function checkTraces(instance: string, activations: readonly Probe[]): string | undefined {
  const longest = activations.map(({ trace }) => trace).reduce((a, b) => (b.length > a.length ? b : a), [])
  for (const { trace, machine } of activations) {
    const at = trace.findIndex((line, i) => line !== longest[i])
    if (at < 0) continue
    const other = activations.find((activation) => activation.trace === longest)!
    return `${instance}: on ${machine.name} process code saw "${trace[at]}" in place ${at}, on ${other.machine.name} it saw "${longest[at]}"`
  }
  return undefined
}
