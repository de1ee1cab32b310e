import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { livesInProcess, ticketInWork, ticketsRoutedInProcess } from './gateway-log';

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
});
