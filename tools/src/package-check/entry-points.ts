import { join } from 'node:path';
import type { PackageManifest } from '../workspace/projects';

/**
 * The declaration files of a package's entry points by subpath (`.`, `./rules`).
 * @param directory - absolute path of the package
 */
export function entryPoints(directory: string, { exports = {} }: PackageManifest): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(exports).flatMap(([subpath, target]) =>
      typeof target !== 'string' && target.types ? [[subpath, join(directory, target.types)] as const] : [],
    ),
  );
}
