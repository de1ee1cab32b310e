import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tarball } from './pack';
import { runCommand } from '../workspace/run-command';

/** A project outside the workspace that has installed one library from its tarball. */
export interface Consumer {
  readonly directory: string;
  /** Writes a file of the project. */
  write(name: string, content: string): void;
  /** Installs further packages without running their scripts; each with its range, as `name@range`. */
  installPeers(packages: readonly string[]): Promise<void>;
}

/** Flags that change how much npm prints and asks, not what it installs or runs. */
const QUIET = ['--prefer-offline', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];

/**
 * Creates the project and installs the library as a user does: install scripts run, and npm sees no setting of this
 * workspace. The workspace's packages come from tarballs, every other dependency from the user's registry or npm's cache.
 * @param dependencies - packages of the workspace that the library depends on
 * @param companions - packages of the workspace that its example imports beside it
 * @param nodeTypes - version of `@types/node`
 * @param settings - the workspace's `.npmrc`
 * @throws Error when a package of the workspace came from anywhere else
 */
export async function installLibrary(
  directory: string,
  library: Tarball,
  dependencies: readonly Tarball[],
  companions: readonly Tarball[],
  nodeTypes: string,
  settings: string,
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
  const environment = withoutSettings(process.env, settings);
  const npm = (...args: readonly string[]): Promise<string> =>
    runCommand('npm', ['install', ...args, ...QUIET, '--prefix', directory], directory, environment);
  await npm();
  const ours = new Set([...installed, ...dependencies].map(({ project }) => project.manifest.name));
  assertFromTarballs(directory, [...ours]);
  return { directory, write, installPeers: async (packages) => void (await npm(...packages, '--ignore-scripts')) };
}

/** `npm run` passes the settings of the workspace's `.npmrc` on in variables, where they would count for this npm too. */
function withoutSettings(environment: NodeJS.ProcessEnv, settings: string): NodeJS.ProcessEnv {
  const names = [...settings.matchAll(/^([\w-]+)\s*=/gm)].map(([, name = '']) => name.replaceAll('-', '_'));
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([variable]) => !names.includes(variable.toLowerCase().replace('npm_config_', '')),
    ),
  );
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
