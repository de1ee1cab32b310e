import type { SendCall } from './gateway-client';

/** An answer that takes longer counts as none, in milliseconds. */
const PATIENCE_MS = 30_000;

/**
 * Makes the calls by HTTP.
 * @param baseUrl - where the API begins
 * @param apiKey - `undefined` where callers need none
 */
export function sendByHttp(baseUrl: string, apiKey: string | undefined): SendCall {
  const base = baseUrl.replace(/\/$/, '');
  return async (method, path, body) => {
    const response = await fetch(base + path, {
      method,
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
      // Followed, a POST would become a GET.
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    // What is not read keeps its connection from the next call.
    await response.arrayBuffer();
    const seconds = Number(response.headers.get('retry-after') ?? NaN);
    return { status: response.status, retryAfterMs: seconds >= 0 ? seconds * 1000 : undefined };
  };
}
