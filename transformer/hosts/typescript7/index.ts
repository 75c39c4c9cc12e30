/** `catga/typescript7`: what `catga build --tsc7` does, for programs. */
export { buildWithTypeScript7 } from './build.ts'
export type { TypeScript7Build, TypeScript7Options } from './build.ts'
export type { BuildDiagnostic } from './build-diagnostic.ts'
export type { ProjectBuild } from './build-project.ts'
export { TypeScript7Error } from './typescript7-error.ts'
export type { TypeScript7ErrorCode } from './typescript7-error.ts'
