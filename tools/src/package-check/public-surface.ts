import {
  createPrinter,
  createProgram,
  type Declaration,
  displayPartsToString,
  EmitHint,
  forEachChild,
  isIdentifier,
  isSourceFile,
  isVariableDeclaration,
  ModuleKind,
  ModuleResolutionKind,
  type Node,
  type Symbol as NamedSymbol,
  SymbolFlags,
  type TypeChecker,
} from 'typescript';

/** What a package offers through its entry points. */
export interface PublicSurface {
  /** Exported names without a doc comment in the published types, where editors read it. */
  readonly undocumented: readonly string[];
  /**
   * Markdown: for each entry point the exported declarations by name, then the package's own declarations that those
   * refer to. Without comments and private members, which a user cannot see or use.
   */
  readonly text: string;
}

/** Private members have no type in a declaration file, so each stands on one line. */
const PRIVATE_MEMBER = /^ +(?:private\b.*|#private);\n/gm;

/** A union that the compiler has inferred: the order of its members depends on what else it has compiled before. */
const INFERRED_UNION = /"\w*"(?: \| "\w*")+/g;

/** The same of an enumeration that zod infers from a union: an object that maps each value to itself. */
const INFERRED_ENUMERATION = /(?:^ +(?<value>\w+): "\k<value>";\n)+/gm;

/**
 * Reads the public surface of a package from its published types.
 * @param name - the package's name
 * @param entries - absolute paths of its declaration files by subpath (`.`, `./rules`), all under one `dist`
 * @throws Error when a file is no module
 */
export function readPublicSurface(name: string, entries: ReadonlyMap<string, string>): PublicSurface {
  const program = createProgram([...entries.values()], {
    module: ModuleKind.NodeNext,
    moduleResolution: ModuleResolutionKind.NodeNext,
    noEmit: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const undocumented: string[] = [];
  const sections: string[] = [];
  for (const [subpath, file] of entries) {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`${file} is not a module`);
    const dist = `${file.slice(0, file.lastIndexOf('/dist/'))}/dist/`;
    const exported = new Map(
      checker.getExportsOfModule(module).map((symbol) => [target(symbol, checker), symbol.name]),
    );
    for (const [symbol, exportedName] of exported)
      if (displayPartsToString(symbol.getDocumentationComment(checker)).trim() === '') undocumented.push(exportedName);
    const internal = new Set<NamedSymbol>();
    const declared = [...exported].map(([symbol, exportedName]) => {
      const text = declarationsOf(symbol, dist, checker, internal);
      return exportedName === symbol.name ? text : `${text} // exported as ${exportedName}`;
    });
    declared.sort();
    const referred: string[] = [];
    // The set grows while it is read: an internal declaration may refer to further ones.
    for (const symbol of internal)
      if (!exported.has(symbol)) referred.push(declarationsOf(symbol, dist, checker, internal));
    if (referred.length > 0)
      declared.push('// Not exported; the declarations above refer to these.', ...referred.sort());
    sections.push(
      `## \`${subpath.replace('.', name)}\`: ${exported.size} names\n\n\`\`\`ts\n${declared.join('\n')}\n\`\`\`\n`,
    );
  }
  return { undocumented, text: `# Public surface of ${name}\n\n${sections.join('\n')}` };
}

function target(symbol: NamedSymbol, checker: TypeChecker): NamedSymbol {
  return symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** A symbol's declarations as text; adds to `referred` what they refer to under `dist`. */
function declarationsOf(symbol: NamedSymbol, dist: string, checker: TypeChecker, referred: Set<NamedSymbol>): string {
  const printer = createPrinter({ removeComments: true });
  return (symbol.declarations ?? [])
    .map((declaration) => {
      const node = isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
      const visit = (child: Node): void => {
        const found = isIdentifier(child) && checker.getSymbolAtLocation(child);
        const referredTo = found && target(found, checker);
        if (referredTo && isTopLevel(referredTo.declarations?.[0], dist)) referred.add(referredTo);
        forEachChild(child, visit);
      };
      visit(node);
      return printer.printNode(EmitHint.Unspecified, node, node.getSourceFile());
    })
    .join('\n')
    .replace(/^export (?:declare )?/gm, '')
    .replace(PRIVATE_MEMBER, '')
    .replace(INFERRED_UNION, (union) => union.split(' | ').sort().join(' | '))
    .replace(INFERRED_ENUMERATION, (lines) => `${lines.trimEnd().split('\n').sort().join('\n')}\n`);
}

function isTopLevel(declaration: Declaration | undefined, dist: string): boolean {
  if (!declaration?.getSourceFile().fileName.startsWith(dist)) return false;
  const node = isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return isSourceFile(node.parent);
}
