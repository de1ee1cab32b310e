import { isNativeError } from 'node:util/types';
import { FetchFailed, NotOnServer, TryAgain, errorCode } from './errors';

/** An answer with a body that is still to be read. */
export interface HubAnswer {
  readonly response: Response;
  /** The commit that the hub says it answered from. */
  readonly commit: string | undefined;
  /** SHA-256 of a large file, which the hub tells before it sends the client to its storage. */
  readonly sha256: string | undefined;
}

/** What a request may carry. */
export interface HubRequest {
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

const MAX_REDIRECTS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Not found, method not allowed, gone, not implemented. */
const ABSENT = new Set([404, 405, 410, 501]);
/** Too many requests, request time-out, and every fault of the server. */
const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** A server that speaks like the Hugging Face Hub. The token goes to this server only, however it redirects. */
export class Hub {
  readonly #endpoint: URL;
  readonly #token: string | undefined;

  /**
   * @param endpoint - as in `HF_ENDPOINT`; may have a path
   * @param token - as in `HF_TOKEN`; never part of an error
   * @throws FetchFailed unless both can be used
   */
  constructor(endpoint: string, token: string | undefined) {
    const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
    if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
      throw new FetchFailed('HF_ENDPOINT must be an http or https address without a user name in it.');
    if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
      throw new FetchFailed('HF_TOKEN holds characters that no token has.');
    this.#endpoint = url;
    this.#token = token;
  }

  /** Where a file of a repository is. */
  fileUrl(repository: string, revision: string, path: string): URL {
    return this.#url(`${repository}/resolve/${encodeURIComponent(revision)}/${path}`);
  }

  /** Where the sizes and hashes of a repository's files are. */
  listingUrl(repository: string, revision: string): URL {
    return this.#url(`api/models/${repository}/tree/${encodeURIComponent(revision)}?recursive=true`);
  }

  #url(path: string): URL {
    return new URL(`${this.#endpoint.origin}${this.#endpoint.pathname.replace(/\/$/, '')}/${path}`);
  }

  /** Whether an address is on this server itself. */
  owns(url: URL): boolean {
    return url.origin === this.#endpoint.origin;
  }

  /**
   * Asks for an address and follows redirects.
   * @param what - the file, for the sentence of an error
   * @returns an answer with status 200, 206 or 416
   * @throws NotOnServer when it is not there; TryAgain when the connection broke or the server is busy; FetchFailed on everything else
   */
  async request(what: string, address: URL, { method = 'GET', headers = {}, signal }: HubRequest): Promise<HubAnswer> {
    let url = address;
    let commit: string | undefined;
    let sha256: string | undefined;
    for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
      const response = await this.#send(url, { method, headers, signal });
      if (this.owns(url)) {
        commit ??= matching(/^[0-9a-f]{40}$/, response.headers.get('x-repo-commit'));
        sha256 ??= matching(/^[0-9a-f]{64}$/, response.headers.get('x-linked-etag')?.replace(/^(?:W\/)?"|"$/g, ''));
      }
      if (!REDIRECTS.has(response.status)) {
        if (response.status === 200 || response.status === 206 || response.status === 416)
          return { response, commit, sha256 };
        await response.body?.cancel();
        throw this.#refusal(what, url, response.status);
      }
      await response.body?.cancel();
      url = nextUrl(what, url, response.headers.get('location'));
    }
    throw new FetchFailed(`${what}: the server redirected more than ${MAX_REDIRECTS} times.`);
  }

  async #send(url: URL, { headers, signal, ...rest }: HubRequest): Promise<Response> {
    const authorization = this.#token !== undefined && this.owns(url) ? { authorization: `Bearer ${this.#token}` } : {};
    try {
      return await fetch(url, {
        ...rest,
        // As stored: a length that is compared with Content-Length, and a range that can be continued.
        headers: { 'accept-encoding': 'identity', ...headers, ...authorization },
        redirect: 'manual',
        signal: signal ?? null,
      });
    } catch (error) {
      throw connectionError(error, signal, `no answer from ${url.host}`);
    }
  }

  #refusal(what: string, url: URL, status: number): Error {
    if (ABSENT.has(status)) return new NotOnServer(`${what} is not there (${url.host} answered ${status}).`);
    if (isPassing(status)) return new TryAgain(`${url.host} answered ${status}`);
    if (status !== 401 && status !== 403) return new FetchFailed(`${what}: ${url.host} answered ${status}.`);
    const advice =
      this.#token === undefined
        ? 'the model is private, gated or not there at all; set HF_TOKEN to a token that may read it'
        : 'HF_TOKEN may not read this model, or its conditions are not yet accepted on the hub';
    return new FetchFailed(`${what}: ${url.host} answered ${status}: ${advice}.`);
  }
}

function matching(pattern: RegExp, value: string | null | undefined): string | undefined {
  return typeof value === 'string' && pattern.test(value) ? value : undefined;
}

function nextUrl(what: string, from: URL, location: string | null): URL {
  if (location === null || !URL.canParse(location, from.href))
    throw new FetchFailed(`${what}: ${from.host} redirected to nowhere.`);
  const url = new URL(location, from);
  const downgrade = from.protocol === 'https:' && url.protocol !== 'https:';
  if (!/^https?:$/.test(url.protocol) || downgrade || url.username !== '' || url.password !== '')
    throw new FetchFailed(`${what}: ${from.host} redirected to an address that is not safe to follow.`);
  return url;
}

/** What a failed `fetch`, or a body that broke off, means for us. */
export function connectionError(error: unknown, signal: AbortSignal | undefined, what: string): Error {
  if (signal?.aborted) return new FetchFailed('Interrupted.', { cause: error });
  const code = isNativeError(error) ? errorCode(error.cause) : undefined;
  return new TryAgain(code === undefined ? what : `${what} (${code})`, { cause: error });
}
