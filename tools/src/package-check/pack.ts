import { join } from 'node:path';
import type { Project } from '../workspace/projects';
import { runCommand } from '../workspace/run-command';

/** A library as users get it. */
export interface Tarball {
  readonly project: Project;
  /** Absolute path of the `.tgz`. */
  readonly file: string;
  /** Paths inside the package. */
  readonly contents: readonly string[];
}

/** A library's dependencies inside the workspace, theirs included, without itself. */
export function workspaceDependencies(project: Project, projects: readonly Project[]): readonly Project[] {
  const byPackage = new Map(projects.map((candidate) => [candidate.manifest.name, candidate]));
  const found = new Set<Project>();
  const visit = (from: Project): void => {
    for (const name of Object.keys(from.manifest.dependencies ?? {})) {
      const dependency = byPackage.get(name);
      if (!dependency || found.has(dependency)) continue;
      found.add(dependency);
      visit(dependency);
    }
  };
  visit(project);
  found.delete(project);
  return [...found];
}

/** Packs libraries with one `npm pack`. @returns their tarballs, in the same order */
export async function packLibraries(
  root: string,
  projects: readonly Project[],
  destination: string,
): Promise<readonly Tarball[]> {
  const names = projects.flatMap(({ manifest }) => ['--workspace', manifest.name]);
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination, ...names];
  const answer = JSON.parse(await runCommand('npm', args, root)) as readonly {
    readonly name: string;
    readonly filename: string;
    readonly files: readonly { readonly path: string }[];
  }[];
  return projects.map((project) => {
    const packed = answer.find(({ name }) => name === project.manifest.name);
    if (!packed) throw new Error(`npm pack said nothing about ${project.manifest.name}`);
    return { project, file: join(destination, packed.filename), contents: packed.files.map(({ path }) => path) };
  });
}
