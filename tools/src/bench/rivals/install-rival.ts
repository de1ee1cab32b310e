import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest } from '../../workspace/projects';
import { runCommand } from '../../workspace/run-command';

/** An installed rival. */
export interface InstalledRival {
  /** Folder whose `node_modules` holds it. */
  readonly packages: string;
  readonly version: string;
}

/**
 * Installs the rivals from their own lockfile unless they are there: nothing else of the workspace needs them.
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
