import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest } from '../../workspace/projects';
import { runCommand } from '../../workspace/run-command';

/** A rival that is installed. */
export interface InstalledRival {
  /** Folder whose `node_modules` holds it. */
  readonly packages: string;
  readonly version: string;
}

/**
 * Nothing of the workspace needs a rival: all of them are installed, from their own lockfile, when the first one is measured.
 * @param root - absolute path of the workspace
 */
export async function installRival(root: string, name: string): Promise<InstalledRival> {
  const packages = join(root, 'tools/bench-rivals');
  const directory = join(packages, 'node_modules', name);
  if (!existsSync(directory)) {
    console.error(`rivals: npm ci in tools/bench-rivals, ${name} is not installed (0.5 GB)`);
    await runCommand('npm', ['ci'], packages);
  }
  return { packages, version: readManifest(directory).version };
}
