import { isNativeError } from 'node:util/types';
import { FetchFailed, NotOnServer, TryAgain, errorCode } from './errors';

/** An answer with an unread body. */
export interface HubAnswer {
  readonly response: Response;
  /** The commit of the answer, if the hub sends it. */
  readonly commit: string | undefined;
  /** SHA-256 of a large file, which the hub sends with the redirect to its storage. */
  readonly sha256: string | undefined;
}

/** Options of a request. */
export interface HubRequest {
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

const MAX_REDIRECTS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Not found, method not allowed, gone, not implemented. */
const ABSENT = new Set([404, 405, 410, 501]);
/** Too many requests, request time-out, and every server error. */
const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Client of a server with the API of the Hugging Face Hub. The token is sent to this server only, not to redirect targets. */
export class Hub {
  readonly #endpoint: URL;
  readonly #token: string | undefined;

  /**
   * @param endpoint - as in `HF_ENDPOINT`; may have a path
   * @param token - as in `HF_TOKEN`; never part of an error
   * @throws FetchFailed if either is invalid
   */
  constructor(endpoint: string, token: string | undefined) {
    const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
    if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
      throw new FetchFailed('HF_ENDPOINT must be an http or https address without a user name in it.');
    if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
      throw new FetchFailed('HF_TOKEN contains characters that are not allowed in a token.');
    this.#endpoint = url;
    this.#token = token;
  }

  /** Address of a file of a repository. */
  fileUrl(repository: string, revision: string, path: string): URL {
    return this.#url(`${repository}/resolve/${encodeURIComponent(revision)}/${path}`);
  }

  /** Address of the sizes and hashes of a repository's files. */
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
   * Requests an address and follows redirects.
   * @param what - the file, for error messages
   * @returns an answer with status 200, 206 or 416
   * @throws NotOnServer when it does not exist; TryAgain when the connection broke or the server is busy; FetchFailed otherwise
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
        // Unencoded, so that lengths can be compared and ranges resumed.
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
        ? 'the model is private, gated or does not exist; set HF_TOKEN to a token that may read it'
        : 'HF_TOKEN may not read this model, or its conditions are not yet accepted on the hub';
    return new FetchFailed(`${what}: ${url.host} answered ${status}: ${advice}.`);
  }
}

function matching(pattern: RegExp, value: string | null | undefined): string | undefined {
  return typeof value === 'string' && pattern.test(value) ? value : undefined;
}

function nextUrl(what: string, from: URL, location: string | null): URL {
  if (location === null || !URL.canParse(location, from.href))
    throw new FetchFailed(`${what}: ${from.host} redirected without an address.`);
  const url = new URL(location, from);
  const downgrade = from.protocol === 'https:' && url.protocol !== 'https:';
  if (!/^https?:$/.test(url.protocol) || downgrade || url.username !== '' || url.password !== '')
    throw new FetchFailed(`${what}: ${from.host} redirected to an address that is not safe to follow.`);
  return url;
}

/** The error for a failed `fetch` or a broken body. */
export function connectionError(error: unknown, signal: AbortSignal | undefined, what: string): Error {
  if (signal?.aborted) return new FetchFailed('Interrupted.', { cause: error });
  const code = isNativeError(error) ? errorCode(error.cause) : undefined;
  return new TryAgain(code === undefined ? what : `${what} (${code})`, { cause: error });
}
