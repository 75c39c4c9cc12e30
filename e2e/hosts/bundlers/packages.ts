/** Packages that a user may have in `node_modules`: with processes in source, and with processes nobody can compile any more. */
import ts from 'typescript'
import type { HostProject } from '../../support/host-project.ts'

const process = (name: string, types: boolean): string => `import { CatgaProcess, ProcessStep } from 'catga'

@CatgaProcess()
export class ${name} {
  async execute(input${types ? ': string' : ''}) {
    return await this.greet(input)
  }

  @ProcessStep()
  async greet(input${types ? ': string' : ''}) {
    return \`${name} greets \${input}\`
  }
}
`

export function writePackages(host: HostProject): void {
  write(host, 'source-lib', { 'index.ts': process('InTypeScript', true), 'decorated.js': process('InJavaScript', false) }, './index.ts')
  const lowered = (module: ts.ModuleKind): string =>
    ts.transpileModule(process('Lowered', false), {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module, experimentalDecorators: true },
    }).outputText
  write(host, '@lowered/esm', { 'index.js': lowered(ts.ModuleKind.ESNext) }, './index.js')
  write(host, '@lowered/commonjs', { 'index.cjs': lowered(ts.ModuleKind.CommonJS) }, './index.cjs')
}

function write(host: HostProject, name: string, files: Readonly<Record<string, string>>, main: string): void {
  const folder = `node_modules/${name}`
  const exports = { '.': main, './decorated.js': './decorated.js' }
  host.write(`${folder}/package.json`, JSON.stringify({ name, version: '1.0.0', type: 'module', exports }))
  for (const [file, text] of Object.entries(files)) host.write(`${folder}/${file}`, text)
}

/** Runs the processes of a package one after the other and prints what they answer. */
export function writeUser(host: HostProject, name: string, processes: Readonly<Record<string, string>>): void {
  const imports = Object.entries(processes).map(([process, specifier]) => `import { ${process} } from '${specifier}'`)
  const runs = Object.keys(processes).map(
    (process) =>
      `console.log(await createApp({ journal: new MemoryJournalStore() }).process(${process}, () => new ${process}()).run(${process}, 'ada', { id: 'a' }))`,
  )
  host.write(name, [`import { createApp, MemoryJournalStore } from 'catga'`, ...imports, ...runs, 'process.exit()', ''].join('\n'))
}
