import { once } from 'node:events';
import { type Server, type ServerResponse, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json as readJson } from 'node:stream/consumers';
import { eventually } from '@smart-support/testing';
import express from 'express';
import type { GatewayDependencies } from '../dependencies';
import { agentRoutes } from './agents';
import { incidentRoutes } from './incidents';
import { queueRoutes } from './queue';

/** A page of a hundred items, each as long as the longest ticket. */
const ITEMS = Array.from({ length: 100 }, (_, number) => ({ id: `item-${number}`, text: 'x'.repeat(65_000) }));
const RESULTS = ITEMS.map(({ id }) => ({ id, status_code: 200, body: ITEMS[0] }));

/** An engine whose pages are long. */
const serving = {
  agents: { list: async () => ITEMS },
  deadLetters: { list: async () => ({ dead_letters: ITEMS, next_cursor: 'next' }) },
  incidents: {
    list: async () => ({ incidents: ITEMS, next_cursor: 'next' }),
    members: async () => ({ members: ITEMS, next_cursor: null }),
    reject: async () => ITEMS[0],
  },
};

let server: Server;
let port: number;
let answers: ServerResponse[];
beforeEach(async () => {
  answers = [];
  const app = express();
  app.use((_request, response, next) => {
    answers.push(response);
    next();
  });
  for (const addRoutes of [agentRoutes, incidentRoutes, queueRoutes]) {
    addRoutes(app, { engine: { serving } } as unknown as GatewayDependencies);
  }
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

it.each([
  ['GET', '/agents', 200, { agents: ITEMS }],
  ['GET', '/dead-letters', 200, { dead_letters: ITEMS, next_cursor: 'next' }],
  ['GET', '/incidents', 200, { incidents: ITEMS, next_cursor: 'next' }],
  ['GET', '/incidents/incident-1-0/members', 200, { members: ITEMS, next_cursor: null }],
  ['POST', '/incidents/reject', 207, { results: RESULTS, has_more: true }],
])(
  'the long list of %s %s leaves piece by piece, as fast as it is read, and arrives whole',
  async (method, path, status, body) => {
    const sent = request({ port, host: '127.0.0.1', method, path, headers: { 'content-type': 'application/json' } });
    sent.end(method === 'POST' ? '{"status":"open"}' : undefined);
    const [answer] = (await once(sent, 'response')) as [NodeJS.ReadableStream & { readonly statusCode: number }];
    await eventually('the systems of both sides hold no more', () => (answers[0]?.writableLength ?? 0) > 0);
    expect(answers[0]?.writableLength).toBeLessThan(500_000);
    expect(answer.statusCode).toBe(status);
    expect(await readJson(answer)).toEqual(body);
  },
);
