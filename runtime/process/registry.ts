import { NotCompiledError, RegistrationError } from '../contracts/errors.ts'
import { type ProcessClass, ProcessDefinition } from './definition.ts'
import { runOf } from './live.ts'

/** A process class with the factory that makes a fresh instance for each run. */
export interface Registration {
  readonly definition: ProcessDefinition
  create(): object
}

/** The processes an app has code for, by name. */
export class Registry {
  readonly #byName = new Map<string, Registration>()
  readonly #byClass = new Map<object, Registration>()

  /**
   * @throws NotCompiledError the class was not compiled, or by another compiler than the others
   * @throws RegistrationError name or class registered twice
   */
  add(processClass: ProcessClass, factory: () => object): void {
    const definition = new ProcessDefinition(processClass)
    const { name, manifest } = definition
    const [other] = this.#byName.values()
    if (other !== undefined && other.definition.manifest.compiler !== manifest.compiler) {
      throw new NotCompiledError(processClass.name, `it was compiled with other options than ${other.definition.manifest.className}`)
    }
    if (this.#byClass.has(processClass)) throw new RegistrationError(`Process class ${processClass.name} is registered twice.`)
    if (this.#byName.has(name)) {
      throw new RegistrationError(`Two process classes are named "${name}". Give one another name: @CatgaProcess({ name: '…' }).`)
    }
    let verified = false
    const create = (): object => {
      const instance = factory()
      if (typeof instance !== 'object' || instance === null)
        throw new RegistrationError(`The factory of process "${name}" returned no object.`)
      if (!(instance instanceof processClass))
        throw new RegistrationError(`The factory of process "${name}" returned an object of another class.`)
      if (runOf(instance) !== undefined)
        throw new RegistrationError(
          `The factory of process "${name}" returned an object that another run has had. Make a fresh one each time: () => new ${processClass.name}(…).`,
        )
      if (!verified || Object.getPrototypeOf(instance) !== processClass.prototype) definition.verify(instance)
      verified = true
      return instance
    }
    const registration = { definition, create }
    this.#byName.set(name, registration)
    this.#byClass.set(processClass, registration)
  }

  byName(name: string): Registration | undefined {
    return this.#byName.get(name)
  }

  /** @throws RegistrationError the class is not registered */
  byClass(processClass: ProcessClass): Registration {
    const found = this.#byClass.get(processClass)
    if (found === undefined)
      throw new RegistrationError(
        `Process class ${processClass.name} is not registered. Call app.process(${processClass.name}, () => new ${processClass.name}(…)) first.`,
      )
    return found
  }

  all(): readonly Registration[] {
    return [...this.#byName.values()]
  }
}
