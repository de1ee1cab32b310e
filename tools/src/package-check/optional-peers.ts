import type { Project } from '../workspace/projects';

/** The optional peer dependencies of these packages, with their ranges. */
export function optionalPeers(projects: readonly Project[]): ReadonlyMap<string, string> {
  return new Map(
    projects.flatMap(({ manifest: { peerDependencies = {}, peerDependenciesMeta = {} } }) =>
      Object.entries(peerDependencies).filter(([name]) => peerDependenciesMeta[name]?.optional),
    ),
  );
}

/** The command that a README gives its reader for optional peers. Their install scripts would download what is not needed. */
export function peerCommand(peers: readonly string[]): string {
  return `npm install ${peers.join(' ')} --ignore-scripts`;
}
