import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TicketLog, readStatusLine, ticketsInFlight } from './ticket-log';

const LINE = '{"level":20,"time":1700,"ticket_id":"office-1","status":"assigned","msg":"ticket status"}';

describe('a line of a log', () => {
  it('says where a ticket stands', () => {
    expect(readStatusLine(LINE)).toEqual({ at: 1700, ticketId: 'office-1', status: 'assigned' });
  });

  it.each(['', '{"msg":"ready"}', '{"msg":"ticket status"}', LINE.slice(0, -3), `x${LINE}`])(
    'is ignored if it does not: %s',
    (line) => {
      expect(readStatusLine(line)).toBeUndefined();
    },
  );
});

describe('following a log', () => {
  it('gives every line once, also one that was written in two pieces', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'simulate-spec-'));
    const file = join(directory, 'worker.log');
    writeFileSync(file, `{"msg":"ready"}\n${LINE}\n${LINE.slice(0, 40)}`);
    const log = new TicketLog(file);
    expect(await log.read()).toHaveLength(1);
    expect(await log.read()).toHaveLength(0);
    appendFileSync(file, `${LINE.slice(40)}\n`);
    expect(await log.read()).toHaveLength(1);
    await log.close();
    rmSync(directory, { recursive: true });
  });
});

describe('tickets in flight', () => {
  it('are those that were begun and not finished at the moment', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'simulate-spec-'));
    const file = join(directory, 'worker.log');
    const line = (time: number, ticket_id: string, status: string): string =>
      JSON.stringify({ time, ticket_id, status, msg: 'ticket status' });
    const lines = [line(1, 'a', 'processing'), line(2, 'b', 'processing'), line(3, 'a', 'assigned')];
    writeFileSync(file, `${lines.join('\n')}\n`);
    expect(await ticketsInFlight(file, 2)).toEqual(['a', 'b']);
    expect(await ticketsInFlight(file, 3)).toEqual(['b']);
    rmSync(directory, { recursive: true });
  });
});
