import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginningsOfRouters, livesInProcess, ticketInWork, ticketsRoutedInProcess } from './gateway-log';

const line = (changes: object): string =>
  JSON.stringify({
    level: 'debug',
    ticket_id: 'T-1',
    category: null,
    status: 'processing',
    msg: 'ticket status',
    ...changes,
  });

describe("reading a gateway's log", () => {
  it('finds the tickets that it worked on by itself', () => {
    expect(ticketInWork(line({}))).toBe('T-1');
  });

  it('takes no other line for one', () => {
    expect(ticketInWork(line({ status: 'queued' }))).toBeUndefined();
    expect(ticketInWork(line({ msg: 'another' }))).toBeUndefined();
    expect(ticketInWork('{"msg":"listening","port":1}')).toBeUndefined();
    expect(ticketInWork('no JSON at all')).toBeUndefined();
  });

  it('tells what became of those that it worked on, and of no others', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'gateway-log-'));
    const file = join(directory, 'gateway.log');
    const lines = [{ status: 'queued' }, {}, { status: 'suppressed' }, { ticket_id: 'T-2', status: 'completed' }];
    writeFileSync(file, lines.map(line).join('\n'));
    expect(await livesInProcess(file)).toEqual(new Map([['T-1', ['processing', 'suppressed']]]));
    expect(await ticketsRoutedInProcess(file)).toEqual(new Set(['T-1']));
    rmSync(directory, { recursive: true });
  });

  it('tells when the process began that worked on a ticket last', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'gateway-log-'));
    const file = join(directory, 'gateway.log');
    const at = (second: number, pid: number, changes: object) =>
      JSON.stringify({ level: 'debug', time: new Date(second * 1_000).toISOString(), pid, ...changes });
    const inWork = { ticket_id: 'T-1', category: null, status: 'processing', msg: 'ticket status' };
    const lines = [at(1, 7, { msg: 'listening' }), at(2, 7, inWork), at(3, 8, { msg: 'listening' }), at(4, 8, inWork)];
    writeFileSync(file, [...lines, at(5, 8, { ...inWork, ticket_id: 'T-2' })].join('\n'));
    expect(await beginningsOfRouters(file)).toEqual(new Map([['T-1', 3_000], ['T-2', 3_000]])); // prettier-ignore
    rmSync(directory, { recursive: true });
  });
});
