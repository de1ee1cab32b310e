import type { PackageManifest } from '../workspace/projects';

const SOURCE = /^src\/(?<name>.+)\.ts$/;
const COMPILED = /^dist\/(?<name>.+?)\.(?:js|js\.map|d\.ts|d\.ts\.map)$/;
const ALWAYS = /^(?:package\.json|README\.md|LICENSE|NOTICE|CHANGELOG\.md)$/;
/** Run by another program than Node: they have no compiled files. */
const SCRIPT = /^src\/.+\.lua$/;
/** What is read at run time and was not compiled: the files of a model, which its own manifest lists with their hashes, and vectors. */
const DATA = /^(?:model|seed-reference)\//;
const NEVER = /\.spec\.ts$|\.spec\.(?:js|d\.ts)(?:\.map)?$|\.tsbuildinfo$/;

/**
 * Compares the files of a package with what it should hold: manifest, README, sources, and for every source exactly
 * its compiled files. Leftovers of sources that are gone, tests and build records are problems.
 * @returns one sentence for each problem
 */
export function findContentProblems(files: readonly string[]): readonly string[] {
  const present = new Set(files);
  const problems = files.filter((file) => NEVER.test(file)).map((file) => `${file} must not be published`);
  const allowed = files.filter((file) => !NEVER.test(file));
  const sources = new Set(allowed.flatMap((file) => SOURCE.exec(file)?.groups?.['name'] ?? []));
  for (const file of allowed) problems.push(...problemsOf(file, sources));
  if (!present.has('README.md')) problems.push('README.md is missing');
  if (!sources.has('index')) problems.push('src/index.ts is missing');
  for (const name of sources) {
    for (const ending of ['js', 'd.ts']) {
      const file = `dist/${name}.${ending}`;
      if (!present.has(file)) problems.push(`${file} is missing`);
    }
  }
  return problems;
}

function problemsOf(file: string, sources: ReadonlySet<string>): readonly string[] {
  if (ALWAYS.test(file) || DATA.test(file) || SOURCE.test(file) || SCRIPT.test(file)) return [];
  const name = COMPILED.exec(file)?.groups?.['name'];
  if (name === undefined) return [`${file} is not expected`];
  return sources.has(name) ? [] : [`${file} has no source: a leftover of an older build?`];
}

/**
 * Looks for fields that a published manifest needs for people rather than for resolution, which publint checks.
 * @returns one sentence for each problem
 */
export function findManifestProblems(manifest: PackageManifest): readonly string[] {
  const problems: string[] = [];
  if (!manifest.license) problems.push('package.json has no license');
  if (!manifest.description) problems.push('package.json has no description');
  if (!manifest.engines?.node) problems.push('package.json does not say which Node.js it needs (engines.node)');
  return problems;
}
