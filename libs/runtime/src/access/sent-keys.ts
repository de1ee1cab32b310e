import type { IncomingMessage } from 'node:http';

const BEARER = /^Bearer +(?<secret>\S+)$/i;

/**
 * Every key that a request carries: `Authorization: Bearer <key>` and `X-API-Key: <key>`, each as often as it was sent.
 * Other schemes of `Authorization` are ignored: they may be a proxy's.
 */
export function sentKeys({ headersDistinct }: Pick<IncomingMessage, 'headersDistinct'>): readonly string[] {
  const bearers = (headersDistinct['authorization'] ?? []).flatMap(
    (value) => BEARER.exec(value)?.groups?.['secret'] ?? [],
  );
  return [...bearers, ...(headersDistinct['x-api-key'] ?? [])];
}
