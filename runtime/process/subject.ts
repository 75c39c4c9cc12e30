/**
 * How errors name the values that cross the codec. Each text is made once: every step needs some, hardly any is ever read.
 */
import type { SiteManifest, StepManifest } from './manifest.ts'

const ofArguments = new WeakMap<SiteManifest, string>()
const ofResults = new WeakMap<StepManifest, string>()

export function argumentsOf(site: SiteManifest): string {
  let text = ofArguments.get(site)
  if (text === undefined) ofArguments.set(site, (text = `arguments of "${site.site}"`))
  return text
}

export function resultOf(step: StepManifest): string {
  let text = ofResults.get(step)
  if (text === undefined) ofResults.set(step, (text = `result of step "${step.name}"`))
  return text
}
