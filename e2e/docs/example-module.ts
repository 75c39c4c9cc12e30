/**
 * Makes a module of an example that was shortened for reading. Pages and docstrings leave out what a reader does not need:
 * imports, the class around a method, bodies (`{ … }`). Nothing else may be missing.
 */

/** Names that an entry of the package exports. */
export type Exports = ReadonlyMap<string, readonly string[]>

const STEPS = `
  @ProcessStep() async reserve(_orderId: string, _items: readonly Item[]): Promise<Reservation> { throw new Error('elided') }
  @ProcessStep() async charge(_order: Order): Promise<Payment> { throw new Error('elided') }
  @ProcessStep() async ship(_item: Order | Item): Promise<Shipment> { throw new Error('elided') }`

export function exampleModule(code: string, exports: Exports): string {
  const whole = withClass(code.replaceAll('{ … }', "{ throw new Error('elided') }"))
  return `${importsFor(whole, exports).join('\n')}\n${whole}\nexport {}\n`
}

/** A lone method gets a class around it, lone process code an `execute`. */
function withClass(code: string): string {
  if (/\bclass \w+/.test(code) || !/@ProcessStep|\bthis\./.test(code)) return code
  const members = 'private inventory!: Inventory\n  private payments!: Payments\n  private shipping!: Shipping'
  const isMember = /^\s*(@ProcessStep|(private )?async \w+\()/.test(code)
  const body = isMember
    ? `${code}\n${missingUndo(code)}  async execute(_order: Order): Promise<void> {}`
    : `async execute(order: Order) {\n${code}\n  }\n${STEPS}`
  return `@CatgaProcess({ name: 'example' })\nexport class Example {\n  ${members}\n  ${body}\n}\n`
}

/** The undo that a lone step names. */
function missingUndo(code: string): string {
  const undo = /compensate: '(\w+)'/.exec(code)?.[1]
  return undo === undefined || code.includes(`async ${undo}(`) ? '' : `  private async ${undo}(): Promise<void> {}\n`
}

function importsFor(code: string, exports: Exports): readonly string[] {
  const taken = new Set<string>()
  return [...exports].flatMap(([entry, names]) => {
    const missing = names.filter((name) => !taken.has(name) && uses(code, name) && !declares(code, name))
    for (const name of missing) taken.add(name)
    return missing.length === 0 ? [] : [`import { ${missing.join(', ')} } from '${entry}'`]
  })
}

function uses(code: string, name: string): boolean {
  return new RegExp(String.raw`(?<![\w$.'"])${name}(?![\w$'"])`).test(code)
}

function declares(code: string, name: string): boolean {
  return new RegExp(
    String.raw`(import[^'"]*\b${name}\b[^'"]*from)|((class|interface|type|const|let|function)\s+${name}\b)|(\{[^{}]*\b${name}\b[^{}]*\}\s*=)`,
  ).test(code)
}
