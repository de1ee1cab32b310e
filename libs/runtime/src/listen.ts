import type { Server } from 'node:http';

/** How much longer a server waits for the headers of a first request than it keeps an idle connection. */
const HEADERS_EXTRA_MS = 5_000;

/**
 * Keeps idle connections of a server open for so many milliseconds, also those that have not carried a request yet: a load balancer opens
 * some in advance. The limits for the arrival of headers and of whole requests are raised where they would cut these off.
 */
export function keepConnections(server: Server, idleMs: number): void {
  server.keepAliveTimeout = idleMs;
  server.headersTimeout = Math.max(server.headersTimeout, idleMs + HEADERS_EXTRA_MS);
  server.requestTimeout = Math.max(server.requestTimeout, server.headersTimeout);
}

/**
 * Lets a server listen.
 * @param port - 0 picks a free one
 * @returns the port it listens on
 * @throws what Node says when the port is taken or the host is not known
 */
export async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}
