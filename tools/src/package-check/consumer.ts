import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tarball } from './pack';
import { runCommand } from '../workspace/run-command';

/** An empty project outside the workspace that has installed one library from its tarball. */
export interface Consumer {
  readonly directory: string;
  /** Writes a file of the project. */
  write(name: string, content: string): void;
}

/**
 * Makes the project and installs the library as a user would. Our own packages come from tarballs, every other
 * dependency from the user's registry or npm's cache.
 * @param dependencies - those of our own packages that it brings along
 * @param companions - those that its example asks the user to install beside it
 * @param nodeTypes - version of `@types/node`, which users of TypeScript on Node.js have
 * @throws Error when one of our own packages came from anywhere else
 */
export async function installLibrary(
  directory: string,
  library: Tarball,
  dependencies: readonly Tarball[],
  companions: readonly Tarball[],
  nodeTypes: string,
): Promise<Consumer> {
  mkdirSync(directory, { recursive: true });
  const write = (name: string, content: string): void => writeFileSync(join(directory, name), content);
  const fromFiles = (tarballs: readonly Tarball[]): Readonly<Record<string, string>> =>
    Object.fromEntries(tarballs.map(({ project, file }) => [project.manifest.name, `file:${file}`]));
  const installed = [library, ...companions];
  const manifest = {
    name: 'consumer',
    private: true,
    dependencies: fromFiles(installed),
    devDependencies: { '@types/node': nodeTypes },
    overrides: fromFiles(dependencies.filter((tarball) => !installed.includes(tarball))),
  };
  write('package.json', JSON.stringify(manifest, null, 2));
  const flags = [
    '--prefer-offline',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-progress',
    '--loglevel=error',
  ];
  await runCommand('npm', ['install', ...flags, '--prefix', directory], directory);
  const ours = new Set([...installed, ...dependencies].map(({ project }) => project.manifest.name));
  assertFromTarballs(directory, [...ours]);
  return { directory, write };
}

function assertFromTarballs(directory: string, names: readonly string[]): void {
  const lock = JSON.parse(readFileSync(join(directory, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly resolved?: string }>>;
  };
  for (const name of names) {
    const copies = Object.entries(lock.packages).filter(([path]) => path.endsWith(`node_modules/${name}`));
    const [only] = copies;
    if (!only || copies.length > 1) throw new Error(`${name} is installed ${copies.length} times instead of once`);
    if (!only[1].resolved?.startsWith('file:'))
      throw new Error(`${name} came from ${only[1].resolved ?? 'an unknown place'}, not from its tarball`);
  }
}
