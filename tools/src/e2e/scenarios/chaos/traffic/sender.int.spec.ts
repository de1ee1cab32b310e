import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpClient } from '../../../harness/http-client';
import { Ledger } from '../../../harness/ledger';
import type { PlannedRequest } from './planned-requests';
import { Sender } from './sender';

/** What the gateway of a test answers, in turn; the last for ever. `cut` is no answer. */
type Script = readonly (number | 'cut')[];

let server: Server;
let client: HttpClient;
let seen: string[][];
let script: Script;

beforeEach(async () => {
  seen = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const sent = JSON.parse(body) as { id: string } | { id: string }[];
      const ids = (Array.isArray(sent) ? sent : [sent]).map(({ id }) => id);
      const answer = script[Math.min(seen.length, script.length - 1)] ?? 500;
      seen.push(ids);
      if (answer === 'cut') {
        request.socket.destroy();
        return;
      }
      // Of a batch, only the first is taken where the script has 207.
      const results = ids.map((_, index) => ({ status_code: index === 0 ? 202 : 503 }));
      response.writeHead(answer, { 'content-type': 'application/json', 'retry-after': '0' });
      response.end(JSON.stringify(answer === 207 ? { results } : {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new HttpClient((server.address() as AddressInfo).port, 4);
});
afterEach(async () => {
  client.close();
  await new Promise((resolve) => server.close(resolve));
});

async function send(parcels: readonly PlannedRequest[], answers: Script): Promise<Ledger> {
  script = answers;
  const ledger = new Ledger();
  const sender = new Sender({
    client,
    ledger,
    rate: 1000,
    mostPending: 4,
    backlog: () => 0,
    random: () => 0,
    onAccepted: () => undefined,
    onSent: () => undefined,
  });
  await sender.sendAll(parcels);
  return ledger;
}

const ticket = (id: string) => ({ id, text: 'Help' });

describe('the senders of tickets', () => {
  it('send the same ticket again until it is accepted, and note every answer', async () => {
    const ledger = await send([{ tickets: [ticket('a')] }], [503, 'cut', 202]);
    expect(seen).toEqual([['a'], ['a'], ['a']]);
    expect(ledger.entries()[0]?.answers.map(({ status }) => status)).toEqual([503, 0, 202]);
    expect(ledger.acceptedCount).toBe(1);
  });

  it('send again only those of a batch that were not accepted', async () => {
    const parcel = { tickets: ['a', 'b', 'c'].map(ticket) };
    const ledger = await send([parcel], [207, 207, 202]);
    expect(seen).toEqual([['a', 'b', 'c'], ['b', 'c'], ['c']]);
    expect(ledger.acceptedCount).toBe(3);
  });

  it('send a second time what is to be sent twice, although it was accepted', async () => {
    await send([{ tickets: [ticket('a')], againAfterMs: 1 }], [202]);
    expect(seen).toEqual([['a'], ['a']]);
  });
});
