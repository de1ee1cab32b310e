import { once } from 'node:events';
import { type IncomingMessage, type RequestListener, type Server, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json as readJson } from 'node:stream/consumers';
import type { Response } from 'express';
import { sendJsonList, sendList } from './json';

let server: Server;
const serve = async (listener: RequestListener): Promise<number> => {
  server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};
const ask = async (port: number): Promise<IncomingMessage> => {
  const [answer] = (await once(get({ port, host: '127.0.0.1' }), 'response')) as [IncomingMessage];
  return answer;
};
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const LONG = Array.from({ length: 100 }, (_, number) => ({ number, text: `\u20AC${'x'.repeat(65_000)}` }));

it.each([
  ['no item', []],
  ['short items', [{ a: 1 }, { a: 2 }]],
  ['a hundred long items', LONG],
])('a list of %s arrives whole and in order', async (_what, items) => {
  const port = await serve((_request, response) => {
    const list = items.map((item) => JSON.stringify(item));
    void sendJsonList(response as unknown as Response, 207, 'results', list);
  });
  const answer = await ask(port);
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([207, 'application/json; charset=utf-8']);
  expect(await readJson(answer)).toEqual({ results: items });
});

it('what stands beside a list follows it', async () => {
  const port = await serve((_request, response) => {
    void sendList(response as unknown as Response, 200, 'agents', [{ a: 1 }, 'b'], { next_cursor: null, more: false });
  });
  expect(await readJson(await ask(port))).toEqual({ agents: [{ a: 1 }, 'b'], next_cursor: null, more: false });
});

it('a long list does not pile up for a client that reads nothing, and ends with its connection', async () => {
  let sent: Promise<void> | undefined;
  let response: Response | undefined;
  const port = await serve((_request, serverResponse) => {
    response = serverResponse as unknown as Response;
    sent = sendJsonList(
      response,
      207,
      'results',
      Array.from({ length: 1_000 }, () => JSON.stringify(LONG[0])),
    );
  });
  const answer = await ask(port);
  // 65 MB are to be sent; what the systems of both sides do not hold stays a list of strings.
  expect(response?.writableLength).toBeLessThan(1e6);
  answer.destroy();
  await expect(sent).resolves.toBeUndefined();
});
