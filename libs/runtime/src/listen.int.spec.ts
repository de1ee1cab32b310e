import { createServer } from 'node:http';
import { listen } from './listen';

describe('a server that is to listen', () => {
  it('picks a free port for 0 and tells which, and a taken one is an error', async () => {
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
