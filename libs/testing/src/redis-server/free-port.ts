import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below every system's range for outgoing connections. From inside that range, a client that calls a server which is just
 * restarting can be given the server's own port as its source: it then talks to itself and the server cannot come back.
 * Low enough, too, for a cluster's second port, 10,000 above the first, to stay below that range on Linux (32,768).
 */
const LOWEST = 10_000;
const HIGHEST = 22_767;

/** A port of 127.0.0.1 on which nobody listens. Somebody else may take it before its user does: be ready to ask again. */
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
