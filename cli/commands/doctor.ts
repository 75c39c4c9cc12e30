import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import process from 'node:process'
import { CliError } from '../cli-error.ts'
import type { Command, TextStyle } from '../command.ts'
import { type Diagnosis, diagnose } from '../doctor/diagnose.ts'
import type { Finding } from '../doctor/finding.ts'
import { EXIT } from '../exit-codes.ts'

/** Looks at a project and says what keeps its processes from being compiled. */
export const doctor: Command = {
  name: 'doctor',
  summary: 'say what is wrong with how a project compiles processes',
  operands: ['[folder]'],
  options: {},
  needs: 'nothing',
  examples: ['catga doctor', 'catga doctor packages/orders --json'],
  run({ args }) {
    const folder = resolve(args.operands[0] ?? '.')
    if (!existsSync(folder) || !statSync(folder).isDirectory()) {
      throw new CliError(EXIT.notFound, 'folder-not-found', `There is no folder "${args.operands[0]}".`)
    }
    const diagnosis = diagnose(folder, process.versions.node)
    const errors = diagnosis.findings.filter(({ severity }) => severity === 'error').length
    return Promise.resolve({
      json: { ...diagnosis, node: process.versions.node, errors, warnings: diagnosis.findings.length - errors },
      exitCode: errors > 0 ? EXIT.failed : EXIT.ok,
      text: (style: TextStyle) => [...diagnosis.findings.flatMap((finding) => [...lines(finding, style), '']), summary(diagnosis, errors)],
    })
  },
}

function lines({ code, severity, place, message, fix }: Finding, { paint }: TextStyle): readonly string[] {
  const mark = severity === 'error' ? paint.red('error') : paint.yellow('warning')
  return [`${mark} ${code}: ${place}`, `  ${message}`, `  → ${fix}`]
}

function summary({ findings, processFiles, sources, packages }: Diagnosis, errors: number): string {
  const looked = `Looked at ${counted(sources, 'source')} in ${counted(packages, 'package')}: ${counted(processFiles.length, 'file')} with processes`
  if (findings.length === 0) return `${looked}, nothing wrong.`
  return `${looked}, ${counted(errors, 'error')}, ${counted(findings.length - errors, 'warning')}.`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
