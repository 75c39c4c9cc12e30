import type { ErasedImport, Span } from '../model/file-model.ts'
import type { Node } from '../parse/ast.ts'
import type { Binding, SyntaxTree } from './syntax-tree.ts'
import type { CatgaImports } from './catga-imports.ts'
import { spanOf } from './durable-function.ts'

/**
 * Which import specifiers of `catga` lose their last use. `compiledAway` are the expressions (`keyed`, `catga.keyed`)
 * that emitted code no longer contains.
 */
export function erasedImports(tree: SyntaxTree, catga: CatgaImports, compiledAway: readonly Node[]): readonly ErasedImport[] {
  const inside = (node: Node): boolean => compiledAway.some((gone) => gone.start <= node.start && node.end <= gone.end)
  const erased: ErasedImport[] = []
  for (const declaration of catga.declarations) {
    const specifiers: Span[] = []
    for (const specifier of declaration.specifiers) {
      const binding: Binding | undefined = tree.declaredBy(specifier.local)
      if (binding === undefined || binding.references.length === 0 || tree.typeUses.has(binding.name)) continue
      if (binding.references.every(inside)) specifiers.push(spanOf(specifier))
    }
    if (specifiers.length === 0) continue
    const whole = specifiers.length === declaration.specifiers.length
    erased.push({ declaration: spanOf(declaration), specifiers: whole ? [] : specifiers, whole })
  }
  return erased
}
