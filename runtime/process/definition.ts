/**
 * What the runtime knows of a compiled class: the manifest the compiler attached and what it inherits.
 */
import { escapeName } from './call-path.ts'
import { NotCompiledError, RegistrationError } from '../contracts/errors.ts'
import type { FunctionManifest, ProcessAccess, ProcessManifest, StepManifest } from './manifest.ts'
import { ABI } from './manifest.ts'
import { PACKAGE_VERSION } from './package-version.ts'

export type ProcessClass = abstract new (...args: never[]) => { execute: (input: never) => Promise<unknown> }

interface Compiled {
  readonly manifest: ProcessManifest
  readonly access: ProcessAccess
}

const compiled = new WeakMap<object, Compiled>()

/**
 * Called by the static block the compiler adds to a class, so while its module loads: code for another ABI is not to get as far as
 * calling anything else.
 *
 * @throws NotCompiledError the class was compiled for another ABI than this runtime's
 */
export function define(target: object, manifest: ProcessManifest, access: ProcessAccess = {}): void {
  if (manifest.abi !== ABI) {
    throw new NotCompiledError(
      manifest.className,
      `it was compiled for ABI ${manifest.abi} (catga ${manifest.compiler}), this is ABI ${ABI} (catga ${PACKAGE_VERSION})`,
    )
  }
  compiled.set(target, { manifest, access })
}

/** A registered class with what its bases contribute, most derived first. */
export class ProcessDefinition {
  readonly processClass: ProcessClass
  readonly manifest: ProcessManifest
  /** Whether any step has an undo. */
  readonly hasUndos: boolean
  readonly #levels: readonly Compiled[]
  readonly #steps = new Map<string, StepManifest>()
  /** What `stepOf` found, by site: it is asked once for every step that completes. */
  readonly #journaled = new Map<string, { readonly method: string; readonly step: StepManifest | undefined }>()

  constructor(processClass: ProcessClass) {
    const own = compiled.get(processClass)
    if (own === undefined) throw new NotCompiledError(processClass.name, 'the compiler plugin has not seen it')
    this.processClass = processClass
    this.manifest = own.manifest
    this.#levels = levelsOf(processClass)
    for (const { manifest } of this.#levels) {
      // tsc keeps output whose sources did not change, also when only the plugin did.
      if (manifest.compiler.split('+')[0] !== PACKAGE_VERSION) {
        throw new NotCompiledError(manifest.className, `it was compiled by catga ${manifest.compiler}, this is catga ${PACKAGE_VERSION}`)
      }
      if (manifest.compiler !== own.manifest.compiler) {
        throw new NotCompiledError(
          manifest.className,
          `it was compiled with other options than ${processClass.name}, which inherits from it`,
        )
      }
      for (const step of manifest.steps) if (!this.#steps.has(step.method)) this.#steps.set(step.method, step)
    }
    for (const step of this.#steps.values()) this.#verifyUndo(step)
    this.hasUndos = [...this.#steps.values()].some(({ compensate }) => compensate !== undefined)
  }

  /**
   * Refuses a step whose undo could not be called. The compiler has looked, but not at base classes in other files; the
   * next to find out would be a process that failed and cannot be compensated.
   */
  #verifyUndo({ method, compensate }: StepManifest): void {
    if (compensate === undefined) return
    const isDurable = this.#steps.has(compensate) || this.function(compensate) !== undefined
    const found = isDurable
      ? 'is a step or process code itself'
      : this.#hasMethod(compensate)
        ? undefined
        : 'is not a method of it or its base classes'
    if (found === undefined) return
    throw new RegistrationError(
      `Process class ${this.processClass.name} undoes step "${method}" by "${compensate}", which ${found}. Add the method "${compensate}(result, …arguments of the step)", or correct the option "compensate" of "${method}".`,
    )
  }

  #hasMethod(name: string): boolean {
    if (name.startsWith('#')) return this.#levels.some(({ access }) => access.privates?.[name] !== undefined)
    const prototype = this.processClass.prototype as object
    const owner = ownerOf(prototype, name)
    // Read without running a getter, which has no instance to work on here.
    return owner !== undefined && typeof Object.getOwnPropertyDescriptor(owner, name)?.value === 'function'
  }

  get name(): string {
    return this.manifest.process
  }

  /** The id function of the most derived class that has one. */
  get id(): ((input: never) => string) | undefined {
    return this.#levels.find((level) => level.access.id !== undefined)?.access.id
  }

  /** `execute` and helpers by name, the most derived first. */
  function(name: string): FunctionManifest | undefined {
    for (const { manifest } of this.#levels) {
      const found = manifest.functions.find((candidate) => candidate.name === name)
      if (found !== undefined) return found
    }
    return undefined
  }

  functions(): readonly FunctionManifest[] {
    const names = new Set(this.#levels.flatMap(({ manifest }) => manifest.functions.map((fn) => fn.name)))
    return [...names].flatMap((name) => this.function(name) ?? [])
  }

  step(method: string): StepManifest | undefined {
    return this.#steps.get(method)
  }

  /** The step a journaled call is of: its name tells, for the method may have been renamed since. */
  stepOf({ site, method }: { readonly site: string; readonly method: string }): StepManifest | undefined {
    const known = this.#journaled.get(site)
    if (known?.method === method) return known.step
    const step = this.#findStep(site, method)
    this.#journaled.set(site, { method, step })
    return step
  }

  #findStep(site: string, method: string): StepManifest | undefined {
    const recorded = this.#steps.get(method)
    const name = site.replace(/#\d+$/, '')
    if (recorded !== undefined && escapeName(recorded.name) === name) return recorded
    return [...this.#steps.values()].find((step) => escapeName(step.name) === name) ?? recorded
  }

  /** Calls a method of an instance by its manifest name, private ones too. */
  invoke(instance: object, method: string, args: readonly unknown[]): unknown {
    if (method.startsWith('#')) {
      for (const { access } of this.#levels) {
        const call = access.privates?.[method]
        if (call !== undefined) return call(instance as never, args as never)
      }
    }
    const callable = (instance as Record<string, unknown>)[method]
    if (typeof callable !== 'function') throw new TypeError(`${this.manifest.className}.${method} is not a method`)
    return Reflect.apply(callable, instance, args)
  }

  /**
   * Refuses an instance on which compiled code is shadowed by a method the compiler has not seen: its calls would run unjournaled.
   */
  verify(instance: object): void {
    for (const { manifest } of this.#levels) {
      for (const { method } of manifest.steps) {
        const isStep = (seen: ProcessManifest): boolean => seen.steps.some((step) => step.method === method)
        verifyOwner({ instance, manifest, method }, { kind: 'step', how: 'without @ProcessStep, or ', isSeen: isStep })
      }
      // What the compiler has seen may override a helper by a method that needs no compiling.
      for (const { name } of manifest.functions)
        verifyOwner({ instance, manifest, method: name }, { kind: 'process code', how: '', isSeen: () => true })
    }
  }
}

interface Owned {
  readonly instance: object
  readonly manifest: ProcessManifest
  readonly method: string
}

interface Seen {
  readonly kind: 'step' | 'process code'
  readonly how: string
  /** Of the class that has the method. */
  readonly isSeen: (manifest: ProcessManifest) => boolean
}

function verifyOwner({ instance, manifest, method }: Owned, { kind, how, isSeen }: Seen): void {
  if (method.startsWith('#')) return
  const owner = ownerOf(instance, method)
  if (owner === instance) throw new NotCompiledError(manifest.className, `${kind} "${method}" is replaced by a property of the instance`)
  const ownerClass = owner === undefined ? undefined : (owner as { constructor: object }).constructor
  const seen = ownerClass === undefined ? undefined : compiled.get(ownerClass)
  if (seen !== undefined && isSeen(seen.manifest)) return
  const where = typeof ownerClass === 'function' ? ownerClass.name : 'a class'
  throw new NotCompiledError(
    manifest.className,
    `${kind} "${method}" is overridden in ${where} ${how}in a file the plugin has not compiled`,
  )
}

function levelsOf(processClass: object): readonly Compiled[] {
  const levels: Compiled[] = []
  for (let level: object | null = processClass; typeof level === 'function'; level = Object.getPrototypeOf(level) as object | null) {
    const own = compiled.get(level)
    if (own !== undefined) levels.push(own)
  }
  return levels
}

function ownerOf(instance: object, method: string): object | undefined {
  for (let level: object | null = instance; level !== null; level = Object.getPrototypeOf(level) as object | null) {
    if (Object.hasOwn(level, method)) return level
  }
  return undefined
}
