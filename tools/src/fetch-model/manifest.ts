import type { Digest } from './digest';
import type { ModelRequest } from './request';

/** `manifest.json`: content and source of a model directory, with the hash of every file. */
export interface ModelManifest {
  readonly name: string;
  readonly source: { readonly repository: string; readonly revision: string; readonly commit?: string };
  readonly dtype: string;
  readonly files: Readonly<Record<string, { readonly sha256: string; readonly bytes: number }>>;
}

/** Builds the manifest of fetched files. */
export function buildManifest(
  { repository, revision, dtype }: ModelRequest,
  commit: string | undefined,
  files: ReadonlyMap<string, Digest>,
): ModelManifest {
  return {
    name: repository.slice(repository.indexOf('/') + 1),
    source: { repository, revision, ...(commit !== undefined && { commit }) },
    dtype,
    files: Object.fromEntries([...files].map(([path, { sha256, bytes }]) => [path, { sha256, bytes }])),
  };
}
