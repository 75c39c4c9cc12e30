/** What the plugins for bundlers can be told. */
export interface BundlerOptions {
  /** Folder that names in messages are relative to; default the working directory. */
  readonly root?: string
  /** How decorators are lowered after this plugin; default as the file's `tsconfig.json` says. */
  readonly decorators?: 'standard' | 'legacy'
  /** Paths of the modules that may hold processes, without query; default every TypeScript and JavaScript file. */
  readonly include?: RegExp
}
