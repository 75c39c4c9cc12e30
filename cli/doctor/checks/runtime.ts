/** The Node.js that runs it, and what it has to bring. */
import type { Finding } from '../finding.ts'
import { copiesOf, installedVersion, isOlder } from '../installed.ts'
import type { InspectedProject } from '../inspected-project.ts'
import { hasProcesses } from '../hosts.ts'

/** Where `node:sqlite` is to be had without a flag. */
const NODE_WITH_SQLITE = [22, 13]

export function checkRuntime(project: InspectedProject, nodeVersion: string): readonly Finding[] {
  return [...node(nodeVersion), ...sqlite(project, nodeVersion), ...copies(project)]
}

function* node(version: string): Generator<Finding> {
  const tooOld = isOlder(version, [20, 19]) || (version.startsWith('22.') && isOlder(version, [22, 12])) || /^(?:21|23)\./.test(version)
  if (!tooOld) return
  yield {
    code: 'node-unsupported',
    severity: isOlder(version, [20, 19]) ? 'error' : 'warning',
    place: '.',
    message: `This is Node.js ${version}; Catga is tested on 20.19 and newer, 22.12 and newer, 24 and 26.`,
    fix: 'Use one of these.',
  }
}

function* sqlite({ packages, show }: InspectedProject, version: string): Generator<Finding> {
  if (!isOlder(version, NODE_WITH_SQLITE)) return
  for (const { folder, sources } of packages) {
    const user = sources.find(({ text }) => /['"]catga\/sqlite['"]/.test(text))
    if (user !== undefined && installedVersion(folder, '@photostructure/sqlite') === undefined) {
      yield {
        code: 'sqlite-driver-missing',
        severity: 'error',
        place: show(user.path),
        message: `Node.js ${version} has no SQLite of its own, and @photostructure/sqlite is not installed.`,
        fix: 'npm install @photostructure/sqlite, or use Node.js 22.13 or newer.',
      }
    }
    const own = sources.find(({ text }) => /['"]node:sqlite['"]/.test(text))
    if (own !== undefined) {
      yield {
        code: 'node-sqlite-missing',
        severity: 'error',
        place: show(own.path),
        message: `Node.js ${version} has no node:sqlite.`,
        fix: 'Use Node.js 22.13 or newer, or sqliteJournal from catga/sqlite, which finds a driver.',
      }
    }
  }
}

function* copies(project: InspectedProject): Generator<Finding> {
  const { packages, folder, show } = project
  if (hasProcesses(project) && packages.every((each) => installedVersion(each.folder, 'catga') === undefined)) {
    yield { code: 'catga-missing', severity: 'error', place: '.', message: 'Package catga is not installed.', fix: 'npm install catga' }
  }
  const [first, ...others] = copiesOf('catga', [folder, ...packages.map((each) => each.folder)])
  if (first === undefined || others.length === 0) return
  const all = [first, ...others]
  const versions = new Set(all.map(({ version }) => version))
  yield {
    code: 'two-copies',
    severity: versions.size > 1 ? 'error' : 'warning',
    place: all.map(({ path }) => show(path)).join(', '),
    message: `There are ${all.length} copies of catga (${[...versions].join(', ')}); processes of one are not known to the engine of another.`,
    fix: 'Ask for one version everywhere (npm ls catga shows who asks for which), then npm dedupe.',
  }
}
