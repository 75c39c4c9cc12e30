/** What Jest asks of a transformer, as far as one in front of another has to know it. */

export interface JestTransformOptions {
  readonly config: { readonly rootDir: string }
  readonly configString: string
  readonly instrument: boolean
  readonly supportsStaticESM: boolean
}

export interface JestTransformed {
  readonly code: string
  readonly map?: object | string | null
}

export interface JestTransformer {
  readonly canInstrument?: boolean
  process?(source: string, fileName: string, options: JestTransformOptions): JestTransformed | string
  processAsync?(source: string, fileName: string, options: JestTransformOptions): Promise<JestTransformed | string>
  getCacheKey?(source: string, fileName: string, options: JestTransformOptions): string
}

/** A transformer, or what makes one from its options. */
export interface JestTransformerModule extends JestTransformer {
  createTransformer?(options: unknown): JestTransformer | Promise<JestTransformer>
}
