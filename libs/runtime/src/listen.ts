import type { Server } from 'node:http';

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
