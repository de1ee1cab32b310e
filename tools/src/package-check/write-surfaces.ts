import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listProjects } from '../workspace/projects';
import { entryPoints } from './entry-points';
import { readPublicSurface } from './public-surface';

/** Writes the public surface of every published library into its `api.md`, from its built declarations. From the workspace's root: `npx nx run tools:api`. */
for (const { directory, manifest } of listProjects(process.cwd())) {
  if (manifest.private) continue;
  const { text } = readPublicSurface(manifest.name, entryPoints(directory, manifest));
  writeFileSync(join(directory, 'api.md'), text);
}
