import { createServer } from 'node:http';
import { keepConnections, listen } from './listen';

describe('a server that keeps idle connections', () => {
  it.each([65_000, 620_000])('for %i ms gives their first request more time than that, and limits it', (idleMs) => {
    const server = createServer();
    const { headersTimeout, requestTimeout } = server;
    keepConnections(server, idleMs);
    expect(server.keepAliveTimeout).toBe(idleMs);
    expect(server.headersTimeout).toBeGreaterThan(idleMs);
    expect(server.headersTimeout).toBeLessThanOrEqual(Math.max(headersTimeout, idleMs + 10_000));
    expect(server.requestTimeout).toBe(Math.max(requestTimeout, server.headersTimeout));
  });

  it('for a short time leaves the limits as they are', () => {
    const server = createServer();
    const { headersTimeout, requestTimeout } = server;
    keepConnections(server, 1000);
    expect([server.headersTimeout, server.requestTimeout]).toEqual([headersTimeout, requestTimeout]);
  });
});

describe('a server that is to listen', () => {
  it('picks a free port for 0 and returns it, and a taken one is an error', async () => {
    const server = createServer((_request, response) => response.end('here'));
    const port = await listen(server, 0, '127.0.0.1');
    try {
      expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('here');
      await expect(listen(createServer(), port, '127.0.0.1')).rejects.toMatchObject({ code: 'EADDRINUSE', port });
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
