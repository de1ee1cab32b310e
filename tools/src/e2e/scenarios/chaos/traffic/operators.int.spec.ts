import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpClient } from '../../../harness/http-client';
import { Operators } from './operators';
import { type ChaosStorm, planStorms } from './storms';

/** A gateway that gives scripted answers in order, and then repeats the last. */
let answers: number[];
let asked: string[];
let status: string;
let server: Server;
let client: HttpClient;

const incident = (id: string, ticket: string) => ({
  ...{ id, status, representative_ticket_id: ticket, opened_at: '2026-01-01T00:00:00.000Z' },
});

beforeEach(async () => {
  answers = [200];
  asked = [];
  status = 'open';
  server = createServer((request, response) => {
    const isAction = request.method === 'POST';
    if (isAction) asked.push(request.url ?? '');
    const code = isAction ? (answers.length > 1 ? answers.shift()! : answers[0]!) : 200;
    const found = incident('incident-1-0', 'storm-1-0-3');
    const list = { incidents: [incident('incident-2-0', 'chaos-1-5'), incident('incident-3-0', 'storm-1-1-1'), found] };
    response.writeHead(code, { 'content-type': 'application/json' });
    response.end(JSON.stringify(request.url === '/incidents' ? list : found));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new HttpClient((server.address() as AddressInfo).port, 4);
});
afterEach(async () => {
  client.close();
  await new Promise((resolve) => server.close(resolve));
});

async function work(ending: ChaosStorm['ending']): Promise<Operators> {
  const storms = planStorms(2, 100, 1).map((storm) => ({ ...storm, ending, endedAfterMs: 0 }));
  const operators = new Operators(client, storms);
  operators.endIncidentsOf(storms[0]!);
  await operators.finish();
  return operators;
}

describe('the operators', () => {
  it('end the incident of their storm, and no other', async () => {
    const operators = await work('resolve');
    expect(asked).toEqual(['/incidents/incident-1-0/resolve']);
    expect(operators.endings).toEqual([{ incidentId: 'incident-1-0', action: 'resolve', answers: [200] }]);
    expect([...operators.seen.values()].map(({ storm }) => storm).toSorted()).toEqual([0, 1]);
  });

  it('try again until it is done', async () => {
    answers = [503, 404, 200];
    const operators = await work('reject');
    expect(asked).toHaveLength(3);
    expect(operators.endings.flatMap((ending) => ending.answers)).toEqual([503, 404, 200]);
  });

  it('leave it at that when an earlier try has done it', async () => {
    answers = [409];
    const working = work('resolve');
    while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    status = 'resolved';
    const operators = await working;
    expect(operators.endings.every((ending) => ending.answers.every((answer) => answer === 409))).toBe(true);
  });

  it('do nothing about a storm that is to be left', async () => {
    await work('leave');
    expect(asked).toEqual([]);
  });
});
