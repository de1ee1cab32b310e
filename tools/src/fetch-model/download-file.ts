import { type Digest, type Expectation, findMismatch } from './digest';
import { FetchFailed, TryAgain } from './errors';
import { type Hub, type HubAnswer, connectionError } from './hub';
import { PartFile } from './part-file';
import type { Progress } from './progress';
import { type Patience, withRetries } from './retries';
import { HEAD_BYTES, findStandIn } from './stand-ins';

/** A file to download: source, target and expectations. */
export interface FileRequest {
  /** Path in the repository; names the file in errors and progress. */
  readonly path: string;
  readonly url: URL;
  /** Absolute path. */
  readonly target: string;
  readonly expected: Expectation;
}

/** Dependencies of a download. */
export interface DownloadTools {
  readonly hub: Hub;
  readonly patience: Patience;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/** A downloaded file. */
export interface DownloadedFile extends Digest {
  /** Whether more than its length was compared. */
  readonly checked: boolean;
}

/**
 * Downloads a complete and verified file, or none: under a temporary name, flushed, compared with the expectations, then renamed.
 * A broken download is resumed where it broke, if the server still has the same file.
 * @throws FetchFailed with a message that names the file; NotOnServer when there is no such file
 */
export async function downloadFile(request: FileRequest, tools: DownloadTools): Promise<DownloadedFile> {
  const { path, target, expected } = request;
  const part = await PartFile.create(target, expected.bytes);
  try {
    const attempts = new Attempts(request, part, tools);
    const { sha256, contentType } = await withRetries(path, tools.patience, () => attempts.receive());
    const standIn = findStandIn(path, contentType, await part.head(HEAD_BYTES));
    if (standIn !== undefined) throw new FetchFailed(`${path}: the server sent ${standIn} instead of the file.`);
    const digest = await part.finish();
    const known = { ...expected, sha256: expected.sha256 ?? sha256 };
    const mismatch = findMismatch(known, digest);
    if (mismatch !== undefined) throw new FetchFailed(`${path} is not the file it should be: ${mismatch}.`);
    await part.keep();
    tools.progress.finished(path, digest.bytes);
    return { ...digest, checked: known.sha256 !== undefined || known.gitBlob !== undefined };
  } finally {
    await part.discard();
  }
}

interface Received {
  readonly sha256: string | undefined;
  readonly contentType: string | null;
}

/** The attempts to download one file; each resumes where the last one broke. */
class Attempts {
  /** ETag of the content; only a strong one guarantees that a later range fits. */
  #etag: string | undefined;

  constructor(
    private readonly request: FileRequest,
    private readonly part: PartFile,
    private readonly tools: DownloadTools,
  ) {}

  async receive(): Promise<Received> {
    const { path, url } = this.request;
    const { hub, signal } = this.tools;
    const range: Record<string, string> =
      this.part.bytes > 0 && this.#etag !== undefined
        ? { range: `bytes=${this.part.bytes}-`, 'if-range': this.#etag }
        : {};
    const answer = await hub.request(path, url, { headers: range, signal });
    await this.#placeAnswer(answer);
    await this.#takeBody(answer.response);
    return { sha256: answer.sha256, contentType: answer.response.headers.get('content-type') };
  }

  /** Whether the answer continues the part or restarts the file. */
  async #placeAnswer({ response }: HubAnswer): Promise<void> {
    const etag = response.headers.get('etag');
    const strong = etag !== null && !etag.startsWith('W/') ? etag : undefined;
    if (response.status === 200) {
      if (this.part.bytes > 0) await this.part.startOver();
      this.#etag = strong;
      return;
    }
    const start = /^bytes (?<start>\d+)-/.exec(response.headers.get('content-range') ?? '')?.groups?.['start'];
    const fits = response.status === 206 && this.#etag !== undefined && strong === this.#etag;
    if (fits && Number(start) === this.part.bytes) return;
    await response.body?.cancel();
    this.#etag = undefined;
    throw new TryAgain('the server could not continue where the connection broke');
  }

  async #takeBody(response: Response): Promise<void> {
    const { path, expected } = this.request;
    const { progress, signal } = this.tools;
    const total = contentLength(response, this.part.bytes);
    const limit = expected.bytes ?? total;
    progress.started(path, this.part.bytes, limit);
    for await (const chunk of chunks(response, signal)) {
      if (limit !== undefined && this.part.bytes + chunk.byteLength > limit) {
        throw new FetchFailed(`${path} is not the file it should be: it has more than ${limit} bytes.`);
      }
      await this.part.write(chunk);
      progress.advanced(path, this.part.bytes);
    }
    if (total !== undefined && this.part.bytes < total) throw new TryAgain(`${this.part.bytes} of ${total} bytes came`);
  }
}

/** The size of the whole file by this answer's headers. */
function contentLength(response: Response, before: number): number | undefined {
  // With an encoding, the length is that of the encoded bytes.
  if ((response.headers.get('content-encoding') ?? 'identity') !== 'identity') return undefined;
  const length = response.headers.get('content-length');
  return length !== null && /^\d+$/.test(length) ? before + Number(length) : undefined;
}

/** The chunks of the body. A broken connection becomes a TryAgain or FetchFailed; leaving the loop early cancels the transfer. */
async function* chunks(response: Response, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw connectionError(error, signal, 'the connection broke');
      });
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
