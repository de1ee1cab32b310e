import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below every system's range for outgoing connections. From inside that range, a client that connects to a server during its
 * restart can get the server's own port as its source: it then connects to itself, and the server cannot listen again.
 * Low enough, too, for a cluster's second port, 10,000 above the first, to stay below that range on Linux (32,768).
 */
const LOWEST = 10_000;
const HIGHEST = 22_767;

/** A free port of 127.0.0.1. Another process may take it first: callers have to retry. */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
