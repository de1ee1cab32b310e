import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of a `package.json` that the tools read. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly description?: string;
  readonly engines?: { readonly node?: string };
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  /** By subpath; entry points in code name their declaration file. */
  readonly exports?: Readonly<Record<string, string | { readonly types?: string }>>;
  readonly nx?: { readonly name?: string };
}

/** One project of the workspace. */
export interface Project {
  /** Its name in Nx. */
  readonly name: string;
  /** Absolute path. */
  readonly directory: string;
  readonly manifest: PackageManifest;
}

/** Reads the `package.json` of a folder. */
export function readManifest(directory: string): PackageManifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as PackageManifest;
}

/**
 * Lists the projects that the root `package.json` names as workspaces.
 * @param root - absolute path of the workspace
 */
export function listProjects(root: string): readonly Project[] {
  const directories = (readManifest(root).workspaces ?? []).flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [join(root, pattern)];
    const parent = join(root, pattern.slice(0, -2));
    return existsSync(parent) ? readdirSync(parent).map((name) => join(parent, name)) : [];
  });
  return directories
    .filter((directory) => existsSync(join(directory, 'package.json')))
    .map((directory) => {
      const manifest = readManifest(directory);
      return { name: manifest.nx?.name ?? manifest.name, directory, manifest };
    });
}
