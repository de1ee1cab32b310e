import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Project, listProjects, readManifest } from '../workspace/projects';
import { findCompanions } from './companions';
import { type Consumer, installLibrary } from './consumer';
import { packLibraries, workspaceDependencies } from './pack';
import { entryPoints } from './entry-points';
import { optionalPeers, peerCommand } from './optional-peers';
import { findContentProblems, findManifestProblems } from './package-contents';
import { readPublicSurface } from './public-surface';
import { extractExample, importedPackages, toModule, toScript } from './readme-example';
import { typeProblems } from './type-problems';
import { runCommand } from '../workspace/run-command';
import { runTool } from '../workspace/run-tool';

/**
 * Checks a library the way a user meets it: packed, installed into an empty project, imported and required.
 * Usage, from the workspace's root: `node tools/dist/package-check/main.js libs/<name>`.
 */
const root = process.cwd();
/** What the packages of the workspace are named after. */
const SCOPE = '@smart-support/';
const binary = (name: string): string => join(root, 'node_modules', '.bin', name);

async function step<Result>(title: string, work: () => Result | Promise<Result>): Promise<Result> {
  const start = performance.now();
  const seconds = (): string => ((performance.now() - start) / 1000).toFixed(1);
  try {
    const result = await work();
    console.log(`  ok      ${title} (${seconds()} s)`);
    return result;
  } catch (error) {
    console.log(`  FAILED  ${title} (${seconds()} s)\n`);
    throw error;
  }
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

async function checkPackage(project: Project, projects: readonly Project[], scratch: string): Promise<void> {
  const { name } = project.manifest;

  const readme = readFileSync(join(project.directory, 'README.md'), 'utf8');
  const example = await step('has a README with one example', () => extractExample(readme));
  const beside = findCompanions(importedPackages(example), project, projects);
  const tarballs = await step('packs, with all it needs', () => {
    const needed = new Set([project, ...beside].flatMap((each) => [each, ...workspaceDependencies(each, projects)]));
    return packLibraries(root, [...needed], scratch);
  });
  const tarball = tarballs.find((packed) => packed.project === project);
  if (!tarball) throw new Error('nothing was packed');

  await step('holds what it should and nothing else', () => {
    refuse([...findManifestProblems(project.manifest), ...findContentProblems(tarball.contents)]);
  });
  await step('has a sound manifest (publint)', () =>
    runCommand(binary('publint'), ['run', tarball.file, '--strict'], scratch),
  );
  await step('has types that resolve everywhere (attw)', () =>
    // Not for the resolution of Node 10, which knows no subpaths.
    runCommand(
      binary('attw'),
      [tarball.file, '--profile', 'node16', '--no-definitely-typed', '--no-color', '--no-emoji'],
      scratch,
    ),
  );

  const consumer = await step('installs into an empty project', () => {
    const { version } = readManifest(join(root, 'node_modules', '@types', 'node'));
    const companions = tarballs.filter((packed) => beside.includes(packed.project));
    const dependencies = tarballs.filter((packed) => packed !== tarball && !companions.includes(packed));
    const settings = readFileSync(join(root, '.npmrc'), 'utf8');
    return installLibrary(join(scratch, 'consumer'), tarball, dependencies, companions, version, settings);
  });
  const entries = entryPoints(join(consumer.directory, 'node_modules', name), project.manifest);
  const surface = readPublicSurface(name, entries);
  await step('documents every public name', () => {
    refuse(surface.undocumented.map((undocumented) => `${undocumented} has no doc comment`));
  });
  await step('has the public surface that api.md records', () => {
    if (readFileSync(join(project.directory, 'api.md'), 'utf8') !== surface.text)
      throw new Error(
        'The public surface differs from api.md. Run `npx nx run tools:api`, and review and commit its diff.',
      );
  });
  await step('has the same names by import and by require', async () => {
    for (const subpath of entries.keys()) await compareNames(consumer, subpath.replace('.', name));
  });

  consumer.write('example.mjs', toModule(example));
  const peers = optionalPeers(tarballs.map((packed) => packed.project));
  if (peers.size > 0) {
    await step('names its missing optional peers', () => checkMissingPeers(consumer, project));
    await step('installs its optional peers as its README says', () => {
      const command = peerCommand([...peers.keys()]);
      if (!readme.includes(command)) throw new Error(`README.md does not name the command \`${command}\``);
      return consumer.installPeers([...peers].map(([peer, range]) => `${peer}@${range}`));
    });
  }

  await step('compiles the example of its README', () => {
    consumer.write('example.mts', example);
    refuse(typeProblems(join(consumer.directory, 'example.mts'), SCOPE));
  });
  await step('runs the example by import', () => runCommand(process.execPath, ['example.mjs'], consumer.directory));
  await step('runs the example by require', () => {
    consumer.write('example.cjs', toScript(example));
    return runCommand(process.execPath, ['example.cjs'], consumer.directory);
  });
}

/** A library with optional peers of its own needs them for its example: without them, its error has the command that installs them. */
async function checkMissingPeers(consumer: Consumer, project: Project): Promise<void> {
  const own = [...optionalPeers([project]).keys()];
  if (own.length === 0) return;
  const output = await runCommand(process.execPath, ['example.mjs'], consumer.directory).catch(String);
  if (!output.includes(peerCommand(own))) throw new Error(`without ${own.join(', ')} the example ends with: ${output}`);
}

/** Node.js finds the names of a CommonJS package for `import` by reading its text, and may miss some. */
async function compareNames(consumer: Consumer, specifier: string): Promise<void> {
  consumer.write(
    'names.mjs',
    `import { createRequire } from 'node:module';
import { deepStrictEqual } from 'node:assert';
// Imported first: of a package that is loaded already, Node.js knows every name.
const imported = Object.keys(await import('${specifier}'));
const required = Object.keys(createRequire(import.meta.url)('${specifier}'));
const named = (names) => names.filter((name) => !['default', 'module.exports', '__esModule'].includes(name)).sort();
deepStrictEqual(named(imported), named(required));
if (named(required).length === 0) throw new Error('the package exports nothing');
`,
  );
  await runCommand(process.execPath, ['names.mjs'], consumer.directory);
}

async function main(): Promise<void> {
  const projects = listProjects(root);
  const directory = resolve(root, process.argv[2] ?? '');
  const project = projects.find((candidate) => candidate.directory === directory);
  if (!project || project.manifest.private) throw new Error(`${directory} is not a library that is published`);

  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'package-check-')));
  console.log(`${project.manifest.name} ${project.manifest.version}`);
  try {
    await checkPackage(project, projects, scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

runTool(main);
