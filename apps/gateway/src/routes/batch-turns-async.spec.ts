import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { loadConfig } from '@smart-support/config';
import { eventually } from '@smart-support/testing';
import express from 'express';
import { RateLimits } from '../access/rate-limits';
import type { GatewayDependencies } from '../dependencies';
import { errorHandler } from '../http/problem';
import { intakeRoutes } from './intake';

interface Served {
  /** @param body - a text is JSON already. @returns the body of the answer */
  post(path: string, body: unknown): Promise<string>;
  close(): void;
}

/** The routes of tickets, over a queue that a test stands in for. */
async function serve(serving: object): Promise<Served> {
  const app = express();
  const rateLimits = new RateLimits(loadConfig({}), undefined);
  intakeRoutes(app, { engine: { serving }, rateLimits } as unknown as GatewayDependencies);
  app.use(errorHandler(() => undefined));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    post: async (path, body) => {
      const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      return response.text();
    },
    close: () => void server.close(),
  };
}

/** Keeps the event loop busy for longer than one turn of work may take. */
function workForLong(): void {
  const end = performance.now() + 12;
  while (performance.now() < end);
}

it('a ticket passes a batch of which each ticket is long work, and the batch stays in order', async () => {
  const tickets = Array.from({ length: 40 }, (_, number) => ({ id: `t-${number}`, text: 'My card was charged.' }));
  const order: string[] = [];
  let single: Promise<unknown> | undefined;
  const gateway: Served = await serve({
    mode: 'async',
    async submit({ input: { id } }: { readonly input: { readonly id: string } }) {
      order.push(id);
      if (id === 't-0') single = gateway.post('/ticket', { id: 'single', text: 'My card was charged twice.' });
      workForLong();
      return { how: 'unknown', ticket_id: id };
    },
  });
  try {
    await gateway.post('/tickets', tickets);
    await single;
    expect(order.indexOf('single')).toBeLessThan(order.indexOf('t-39'));
    expect(order.filter((id) => id !== 'single')).toEqual(tickets.map(({ id }) => id));
  } finally {
    gateway.close();
  }
});

it('the rest of a batch leaves at once when Redis comes back in its midst', async () => {
  const tickets = Array.from({ length: 5 }, (_, number) => ({ id: `t-${number}`, text: 'My card was charged twice.' }));
  let arrived = 0;
  let allArrived: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (allArrived = resolve));
  const serving = {
    mode: 'sync',
    async submit({ input }: { readonly input: { readonly id: string } }) {
      arrived += 1;
      if (arrived === 1) serving.mode = 'async';
      else if (arrived === tickets.length) allArrived();
      // Each of the rest is answered once all of them were sent: one after the other, none ever would be.
      if (arrived > 1) await all;
      return { how: 'unknown', ticket_id: input.id };
    },
  };
  const gateway = await serve(serving);
  try {
    const { results } = JSON.parse(await gateway.post('/tickets', tickets)) as {
      readonly results: readonly { readonly status_code: number; readonly body: object }[];
    };
    expect(results[0]?.body).toMatchObject({ ticket_id: 't-0', retry_after_seconds: 1 });
    expect(results.map(({ status_code }) => status_code)).toEqual([503, 503, 503, 503, 503]);
  } finally {
    gateway.close();
  }
});

it('the bodies of batches take their part of the budget until they are worked on, and no longer', async () => {
  const large = `[{"text":"My card was charged twice."}]${' '.repeat(8_000_000)}`;
  const releases: (() => void)[] = [];
  let isHeld = true;
  const gateway = await serve({
    mode: 'async',
    async submit({ id = 'made' }: { readonly id?: string }) {
      if (isHeld) await new Promise<void>((resolve) => releases.push(resolve));
      return { how: 'unknown', ticket_id: id };
    },
  });
  try {
    const inWork = Array.from({ length: 8 }, () => gateway.post('/tickets', large));
    await eventually('eight are in work', () => releases.length === 8);
    const refused = await gateway.post('/tickets', large);
    isHeld = false;
    for (const release of releases) release();
    expect(refused).toContain('"status":503');
    for (const answer of await Promise.all(inWork)) expect(answer).toContain('"results"');
    expect(await gateway.post('/tickets', large)).toContain('"results"');
  } finally {
    gateway.close();
  }
});
