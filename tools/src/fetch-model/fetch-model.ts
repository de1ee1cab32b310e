import { join } from 'node:path';
import type { Digest, Expectation } from './digest';
import { type DownloadTools, downloadFile } from './download-file';
import { FetchFailed, NotOnServer } from './errors';
import { type Listing, loadListing } from './listing';
import { buildManifest } from './manifest';
import { findFinished, readFetchedJson, refuseLeftOver, refuseOtherWeights, writeManifest } from './model-directory';
import { type ModelRequest, ONNX_FILES } from './request';
import { withRetries } from './retries';
import { type ModelKind, findSetting } from './which-setting';

const POOLING = '1_Pooling/config.json';
const NEEDED = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];
const OPTIONAL = [POOLING, 'sentence_bert_config.json', 'special_tokens_map.json'];

/** The result of a request. */
export interface FetchedModel extends ModelKind {
  /** Files downloaded now. */
  readonly downloaded: readonly string[];
  /** Files that existed already. */
  readonly kept: readonly string[];
  /** Downloaded files for which the server sent no hash. */
  readonly unchecked: readonly string[];
}

/**
 * Downloads a model directory in the Hugging Face layout from a hub: configuration, tokenizer and one ONNX file, each
 * compared with the hub's hashes, and a `manifest.json` with what is there. Weights come last, the manifest at the end:
 * a directory with a manifest is complete.
 * @throws FetchFailed with a message for the user
 */
export async function fetchModel(request: ModelRequest, tools: DownloadTools): Promise<FetchedModel> {
  refuseOtherWeights(request.directory, request.dtype);
  const commit = await findCommit(request, tools);
  // A branch may move between two files; a commit does not.
  const pinned = { repository: request.repository, revision: commit ?? request.revision };
  const listing = await loadListing(tools.hub, pinned, tools.patience, tools.signal);
  const visit = new Visit({ ...request, ...pinned }, tools, listing);

  for (const path of NEEDED) await visit.fetch(path);
  for (const path of OPTIONAL) await visit.fetchIfThere(path);
  const kind = findSetting(await readFetchedJson(request.directory, 'config.json'), visit.files.has(POOLING));
  await readFetchedJson(request.directory, 'tokenizer.json');
  await visit.fetchWeights();
  visit.refuseUnusedHashes();
  await writeManifest(request.directory, buildManifest(request, commit, visit.files));
  const { downloaded, kept, unchecked } = visit;
  return { ...kind, downloaded, kept, unchecked };
}

/** The commit behind a branch or tag, if the server sends it. */
async function findCommit(
  request: ModelRequest,
  { hub, patience, signal }: DownloadTools,
): Promise<string | undefined> {
  const url = hub.fileUrl(request.repository, request.revision, 'config.json');
  try {
    return await withRetries('config.json', patience, async () => {
      const { commit } = await hub.request('config.json', url, { method: 'HEAD', signal });
      return commit;
    });
  } catch (error) {
    // The server may not support HEAD; a missing file fails when it is fetched.
    if (error instanceof NotOnServer) return undefined;
    throw error;
  }
}

/** State of one request over its files. */
class Visit {
  readonly files = new Map<string, Digest>();
  readonly downloaded: string[] = [];
  readonly kept: string[] = [];
  readonly unchecked: string[] = [];

  constructor(
    private readonly request: ModelRequest,
    private readonly tools: DownloadTools,
    private readonly listing: Listing | undefined,
  ) {}

  async fetch(path: string): Promise<void> {
    const { directory, repository, revision } = this.request;
    const target = join(directory, path);
    const expected = this.#expectationOf(path);
    const finished = await findFinished(target, expected);
    if (finished) {
      this.files.set(path, finished);
      this.kept.push(path);
      this.tools.progress.note(`${path}: already here`);
      return;
    }
    const url = this.tools.hub.fileUrl(repository, revision, path);
    const { checked, ...digest } = await downloadFile({ path, url, target, expected }, this.tools);
    this.files.set(path, digest);
    this.downloaded.push(path);
    if (!checked) this.unchecked.push(path);
  }

  /** Fetches an optional file. @returns whether the repository has it */
  async fetchIfThere(path: string): Promise<boolean> {
    try {
      if (!this.listing || this.listing.has(path)) {
        await this.fetch(path);
        return true;
      }
    } catch (error) {
      if (!(error instanceof NotOnServer)) throw error;
    }
    refuseLeftOver(this.request.directory, path);
    return false;
  }

  async fetchWeights(): Promise<void> {
    const { dtype, repository } = this.request;
    const candidates: readonly string[] = ONNX_FILES[dtype];
    const weights = await this.#firstThere(candidates);
    if (weights === undefined) {
      const others = [...(this.listing?.keys() ?? [])].filter((path) => path.endsWith('.onnx'));
      const there = others.length > 0 ? `; it has ${others.slice(0, 12).join(', ')}` : '';
      throw new FetchFailed(`${repository} has no ${dtype} weights (${candidates.join(', ')})${there}.`);
    }
    // Graphs of more than 2 GB have their weights in separate files.
    const beside = [...(this.listing?.keys() ?? [])].filter((path) => isDataOf(weights, path));
    if (this.listing) for (const path of beside) await this.fetch(path);
    else await this.fetchIfThere(`${weights}_data`);
  }

  async #firstThere(candidates: readonly string[]): Promise<string | undefined> {
    for (const path of candidates) if (await this.fetchIfThere(path)) return path;
    return undefined;
  }

  /** Throws if the user gave a hash of a file that was not fetched: a misspelt name. */
  refuseUnusedHashes(): void {
    const unused = [...this.request.sha256.keys()].filter((path) => !this.files.has(path));
    if (unused.length > 0)
      throw new FetchFailed(`--sha256 names ${unused.join(', ')}, which this model does not need.`);
  }

  #expectationOf(path: string): Expectation {
    const listed = this.listing?.get(path) ?? {};
    const sha256 = this.request.sha256.get(path);
    if (sha256 === undefined) return listed;
    if (listed.sha256 !== undefined && listed.sha256 !== sha256)
      throw new FetchFailed(
        `${path} is not the file you expect: the hub's SHA-256 is ${listed.sha256}, not ${sha256}.`,
      );
    return { ...listed, sha256 };
  }
}

function isDataOf(weights: string, path: string): boolean {
  return path.startsWith(`${weights}_data`) && /^(?:_\d{1,4})?$/.test(path.slice(`${weights}_data`.length));
}
