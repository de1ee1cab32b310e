import type { Project } from '../workspace/projects';
import { workspaceDependencies } from './pack';

/**
 * Other packages of ours that a library's example shows it with, beyond those it brings along: the user installs them too.
 * @param imported - the packages that the example imports
 * @throws Error when the example does not use the library itself, or uses one of ours that the library does not list
 * among its development dependencies (then Nx would not build it first) or that is never published
 */
export function findCompanions(
  imported: readonly string[],
  project: Project,
  projects: readonly Project[],
): readonly Project[] {
  const { name, devDependencies = {} } = project.manifest;
  if (!imported.includes(name)) throw new Error(`the example of README.md does not use ${name}`);
  const brought = new Set([project, ...workspaceDependencies(project, projects)]);
  const companions = projects.filter((other) => !brought.has(other) && imported.includes(other.manifest.name));
  for (const { manifest } of companions) {
    if (manifest.private) throw new Error(`the example of README.md uses ${manifest.name}, which is not published`);
    if (!Object.hasOwn(devDependencies, manifest.name))
      throw new Error(`the example of README.md uses ${manifest.name}, which is not among the devDependencies`);
  }
  return companions;
}
