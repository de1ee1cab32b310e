import { createProgram, flattenDiagnosticMessageText, ModuleKind, ScriptTarget, type SourceFile } from 'typescript';

/**
 * Compiles a file as a user of the packages in its `node_modules` does, and says what is wrong with it or with the declarations of our own packages. The
 * declarations of other packages are loaded and not checked: checking them would take most of the time.
 * @param file - absolute path of a TypeScript module
 * @param scope - what the names of our packages begin with
 */
export function typeProblems(file: string, scope: string): readonly string[] {
  const directory = file.slice(0, file.lastIndexOf('/'));
  const program = createProgram([file], {
    target: ScriptTarget.ES2022,
    module: ModuleKind.NodeNext,
    strict: true,
    noEmit: true,
    types: ['node'],
    typeRoots: [`${directory}/node_modules/@types`],
  });
  const isOurs = ({ fileName }: SourceFile): boolean =>
    fileName.includes(`/node_modules/${scope}`) || !fileName.includes('/node_modules/');
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...program
      .getSourceFiles()
      .filter(isOurs)
      .flatMap((source) => [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]),
  ].map(({ file: source, start, messageText }) => {
    const message = flattenDiagnosticMessageText(messageText, '\n');
    if (!source || start === undefined) return message;
    const { line } = source.getLineAndCharacterOfPosition(start);
    return `${source.fileName}, line ${line + 1}: ${message}`;
  });
}
