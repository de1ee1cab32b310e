import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A ticket as the stand-in keeps it. */
export interface KeptTicket {
  readonly id: string;
  readonly text?: string;
  readonly subject?: string;
  readonly requester?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly notes: Map<string, string>;
}

/** A gateway of one test: what it keeps of the API is what a mailbox calls. */
export interface StandInGateway {
  readonly url: string;
  readonly tickets: ReadonlyMap<string, KeptTicket>;
  /** How often each ticket was sent. */
  readonly sent: ReadonlyMap<string, number>;
  /** The next calls are answered so, each with its own status, instead of being obeyed. */
  readonly refusals: number[];
  /** Called after a call took effect and before it is answered. */
  beforeAnswer: () => void;
  stop(): Promise<void>;
}

/** Starts one on a free port. */
export async function startStandInGateway(): Promise<StandInGateway> {
  const tickets = new Map<string, KeptTicket>();
  const sent = new Map<string, number>();
  const refusals: number[] = [];

  const obey = (method: string | undefined, path: string, body: Record<string, string>): number => {
    const [, id = '', note] = /^\/tickets\/([^/]+)(\/note)?$/.exec(path) ?? [];
    if (method === 'GET') return tickets.has(id) ? 200 : 404;
    if (note) {
      const ticket = tickets.get(id);
      if (!ticket) return 404;
      if (!ticket.notes.has(String(body['note_id']))) ticket.notes.set(String(body['note_id']), String(body['note']));
      return 200;
    }
    if (path !== '/ticket') return 405;
    const ticket = { ...(body as unknown as KeptTicket), notes: new Map<string, string>() };
    sent.set(ticket.id, (sent.get(ticket.id) ?? 0) + 1);
    const first = tickets.get(ticket.id);
    if (first && (first.text !== ticket.text || first.subject !== ticket.subject)) return 409;
    if (!first) tickets.set(ticket.id, ticket);
    return 202;
  };

  const gateway = { tickets, sent, refusals, beforeAnswer: () => undefined };
  const server: Server = createServer((request, response) => {
    void buffer(request).then((bytes) => {
      const refusal = refusals.shift();
      const body = bytes.length > 0 ? (JSON.parse(bytes.toString()) as Record<string, string>) : {};
      const status = refusal ?? obey(request.method, request.url ?? '', body);
      gateway.beforeAnswer();
      response.writeHead(status, refusal === undefined ? {} : { 'retry-after': '0' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(gateway, {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
