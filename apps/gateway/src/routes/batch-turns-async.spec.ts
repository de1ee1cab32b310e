import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { GatewayDependencies } from '../dependencies';
import { ticketRoutes } from './tickets';

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
  const app = express();
  ticketRoutes(app, { engine: { serving } } as unknown as GatewayDependencies);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/tickets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(tickets),
    });
    const { results } = (await response.json()) as { readonly results: readonly { readonly status_code: number }[] };
    expect(results.map(({ status_code }) => status_code)).toEqual([503, 503, 503, 503, 503]);
  } finally {
    server.close();
  }
});
