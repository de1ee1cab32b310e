import { createProgram, displayPartsToString, ModuleKind, ModuleResolutionKind, SymbolFlags } from 'typescript';

/**
 * Finds the public names of a package that have no doc comment in the published types, where editors read it.
 * @param types - absolute path of the package's `index.d.ts`
 */
export function findUndocumentedNames(types: string): readonly string[] {
  const program = createProgram([types], {
    module: ModuleKind.NodeNext,
    moduleResolution: ModuleResolutionKind.NodeNext,
    noEmit: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(types);
  const entry = source && checker.getSymbolAtLocation(source);
  if (!entry) throw new Error(`${types} is not a module`);
  return checker
    .getExportsOfModule(entry)
    .filter((name) => {
      const declared = name.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(name) : name;
      return displayPartsToString(declared.getDocumentationComment(checker)).trim() === '';
    })
    .map((name) => name.getName());
}
