import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

/**
 * Takes the one runnable example out of a README.
 * @throws Error unless there is exactly one block fenced as `ts`
 */
export function extractExample(readme: string): string {
  const blocks = [...readme.replaceAll('\r\n', '\n').matchAll(/^```ts\n(?<code>[\s\S]*?)^```$/gm)];
  const code = blocks[0]?.groups?.['code'];
  if (blocks.length !== 1 || code === undefined || code.trim() === '')
    throw new Error(`README.md must hold exactly one example in a \`\`\`ts block; it holds ${blocks.length}`);
  return code;
}

/** The packages that an example imports, each once. */
export function importedPackages(example: string): readonly string[] {
  const names = [...toModule(example).matchAll(/^(?:import|\}) .*\bfrom ['"](?<from>[^'"]+)['"];?$/gm)];
  return [...new Set(names.flatMap(({ groups }) => groups?.['from'] ?? []))];
}

/** The example as a JavaScript module: types gone, `import` kept. */
export function toModule(example: string): string {
  return transpileModule(example, {
    compilerOptions: { target: ScriptTarget.ES2022, module: ModuleKind.ESNext },
  }).outputText;
}

const NAMED_IMPORT = /^import \{(?<names>[^}]*)\} from (?<from>'[^']+'|"[^"]+");?[ \t]*$/gm;

/**
 * The example as a CommonJS script: each named import becomes a `require`, and what follows runs in an async function,
 * because a script knows no top-level `await`.
 * @throws Error where an import is not of the form `import { name } from 'package'`
 */
export function toScript(example: string): string {
  const requires: string[] = [];
  const rest = toModule(example).replace(NAMED_IMPORT, (_line, names: string, from: string) => {
    requires.push(`const {${names.replaceAll(/\bas\b/g, ':')}} = require(${from});`);
    return '';
  });
  const other = /^(?:import|export)\b.*$/m.exec(rest.replace(/^export \{\};$/m, ''));
  if (other) throw new Error(`The example must use named imports only; it has: ${other[0]}`);
  const body = rest.replace(/^export \{\};$/m, '').trim();
  return `${requires.join('\n')}\n(async () => {\n${body}\n})().catch((error) => {\n  console.error(error);\n  process.exitCode = 1;\n});\n`;
}
