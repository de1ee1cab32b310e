import { connect } from 'node:net';
import type { Agent, QueueReport } from '@smart-support/contracts';
import fc from 'fast-check';
import { RIGHTS } from './access/rights';
import { type RunningGateway, startGateway } from './spec-support/running-gateway';

const ROUTES = RIGHTS.map(({ method, path }) => [method.toUpperCase(), path] as const);
/** A pattern's path with one value for each parameter. */
const pathOf = (pattern: string, value: string): string => pattern.replace(/:\w+/g, () => value);

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway({ LOG_LEVEL: 'error', MODEL_FALLBACK: '1' });
});
afterAll(() => gateway.stop());

const route = fc.constantFrom(...ROUTES);
const id = fc.oneof(
  fc.constantFrom('T-1', 'T-2', '__proto__', 'constructor', '..', '%00', '%ff', 'a%2fb', ''),
  fc.string({ maxLength: 200 }).map(encodeURIComponent).filter(Boolean),
);

/** JSON that is nearly right more often than not, so that it gets past the first check. */
const almostTicket = fc.record(
  {
    text: fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.jsonValue()),
    id: fc.oneof(fc.constantFrom('T-1', 'T-2', 'toString'), fc.jsonValue()),
    subject: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
    requester: fc.jsonValue(),
    reported_at: fc.oneof(
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.jsonValue(),
    ),
    metadata: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue()),
    ['__proto__']: fc.jsonValue(),
  },
  { requiredKeys: [] },
);
const almostAgent = fc.record(
  {
    name: fc.oneof(fc.string({ minLength: 1 }), fc.jsonValue()),
    skills: fc.oneof(
      fc.dictionary(fc.constantFrom('Billing', 'Legal', 'Sales', '__proto__'), fc.double()),
      fc.jsonValue(),
    ),
    capacity: fc.oneof(fc.nat(3), fc.double(), fc.jsonValue()),
    status: fc.oneof(fc.constantFrom('available', 'away'), fc.jsonValue()),
  },
  { requiredKeys: [] },
);
const json = fc.oneof(fc.jsonValue(), almostTicket, fc.array(almostTicket, { maxLength: 5 }), almostAgent);
const contentType = fc.constantFrom('application/json', 'text/plain', 'application/json; charset=utf-16', '');

/** Every open ticket an agent holds is counted once, and nothing is left in between. */
const everythingAddsUp = async () => {
  const { body: queue } = await gateway.call<QueueReport>('GET', '/queue');
  expect(queue).toMatchObject({ in_progress: 0, dead: 0, lanes: { urgent: 0, normal: 0 } });
  const { body } = await gateway.call<{ agents: Agent[] }>('GET', '/agents');
  for (const agent of body.agents) expect(agent.load).toBeGreaterThanOrEqual(0);
};

describe('random requests to every route cause no internal error', () => {
  it('arbitrary JSON: never a 5xx, and the answer is JSON, a problem or metrics', async () => {
    await fc.assert(
      fc.asyncProperty(route, id, json, contentType, async ([method, path], someId, body, type) => {
        const hasBody = method === 'POST' || method === 'PUT';
        const answer = await gateway.call<unknown>(
          method,
          pathOf(path, someId),
          hasBody ? JSON.stringify(body) : undefined,
          hasBody ? { 'content-type': type } : {},
        );
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: 1500 },
    );
    await everythingAddsUp();
  }, 60_000);

  it('arbitrary bytes as a body: never a 5xx', async () => {
    await fc.assert(
      fc.asyncProperty(route, fc.uint8Array({ maxLength: 2000 }), contentType, async ([method, path], bytes, type) => {
        if (method === 'GET') return;
        const response = await fetch(`http://127.0.0.1:${gateway.port}${pathOf(path, 'T-1')}`, {
          method,
          headers: { 'content-type': type },
          body: Buffer.from(bytes),
        });
        await response.arrayBuffer();
        expect(response.status).toBeLessThan(500);
      }),
      { numRuns: 1000 },
    );
    await everythingAddsUp();
  }, 60_000);

  it('arbitrary bytes instead of HTTP: the next client is served', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), fc.boolean(), async (bytes, startsWell) => {
        await new Promise<void>((resolve) => {
          const socket = connect(gateway.port, '127.0.0.1', () => {
            if (startsWell) socket.write('POST /ticket HTTP/1.1\r\nHost: localhost\r\n');
            socket.end(Buffer.from(bytes));
          });
          socket.on('error', () => undefined);
          socket.on('data', () => undefined);
          socket.on('close', () => resolve());
        });
        expect((await gateway.call('GET', '/livez')).status).toBe(200);
      }),
      { numRuns: 200 },
    );
    await everythingAddsUp();
  }, 60_000);
});
