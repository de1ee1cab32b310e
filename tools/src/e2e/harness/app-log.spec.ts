import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogFollower, portOf, readGatewayLog, readStatusLine, ticketsInFlight } from './app-log';

const LINE = '{"level":20,"time":1700,"ticket_id":"office-1","status":"assigned","msg":"ticket status"}';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'app-log-spec-'));
  file = join(directory, 'app.log');
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('a line of a log', () => {
  it('names the status of a ticket', () => {
    expect(readStatusLine(LINE)).toEqual({ at: 1700, ticketId: 'office-1', status: 'assigned' });
  });

  it.each(['', '{"msg":"ready"}', '{"msg":"ticket status"}', LINE.slice(0, -3), `x${LINE}`])(
    'is ignored otherwise: %s',
    (line) => {
      expect(readStatusLine(line)).toBeUndefined();
    },
  );
});

describe('the port of a server', () => {
  it('is read from its log', () => {
    expect(portOf('{"level":"info","port":40123,"msg":"listening on http://127.0.0.1:40123"}')).toBe(40123);
  });

  it.each(['', 'port 80', '{"msg":"hello"}', '{"port":"80"}', '{"port": 80', '"port"'])(
    'is not found in %p',
    (line) => {
      expect(portOf(line)).toBeUndefined();
    },
  );
});

describe('following a log', () => {
  it('yields every line once, also one that was written in two pieces', async () => {
    writeFileSync(file, `{"msg":"ready"}\n${LINE}\n${LINE.slice(0, 40)}`);
    const log = new LogFollower(file);
    expect(await log.readLines()).toEqual(['{"msg":"ready"}', LINE]);
    expect(await log.readLines()).toEqual([]);
    appendFileSync(file, `${LINE.slice(40)}\n`);
    expect(await log.readLines()).toEqual([LINE]);
    await log.close();
  });
});

describe('tickets in flight', () => {
  it('are those that were begun and not finished at the moment', async () => {
    const line = (time: number, ticket_id: string, status: string): string =>
      JSON.stringify({ time, ticket_id, status, msg: 'ticket status' });
    const lines = [line(1, 'a', 'processing'), line(2, 'b', 'processing'), line(3, 'a', 'assigned')];
    writeFileSync(file, `${lines.join('\n')}\n`);
    expect(await ticketsInFlight(file, 2)).toEqual(['a', 'b']);
    expect(await ticketsInFlight(file, 3)).toEqual(['b']);
  });
});

describe("a gateway's log", () => {
  const at = (second: number, pid: number, changes: object) =>
    JSON.stringify({ level: 'debug', time: new Date(second * 1_000).toISOString(), pid, ...changes });
  const status = (ticket_id: string, name: string) => ({ ticket_id, status: name, msg: 'ticket status' });

  it('shows the statuses of the tickets that it routed in-process, and of no others', async () => {
    const lines = [
      at(1, 7, status('T-1', 'queued')),
      at(2, 7, status('T-1', 'processing')),
      at(3, 7, { ...status('T-3', 'processing'), msg: 'another' }),
      at(3, 7, status('T-1', 'suppressed')),
      at(4, 7, status('T-2', 'completed')),
    ];
    writeFileSync(file, lines.join('\n'));
    expect((await readGatewayLog(file)).statuses).toEqual(new Map([['T-1', ['processing', 'suppressed']]]));
  });

  it('shows when the process began that worked on a ticket last', async () => {
    const lines = [
      at(1, 7, { msg: 'listening' }),
      at(2, 7, status('T-1', 'processing')),
      at(3, 8, { msg: 'listening' }),
      at(4, 8, status('T-1', 'processing')),
      at(5, 8, status('T-2', 'processing')),
    ];
    writeFileSync(file, lines.join('\n'));
    expect((await readGatewayLog(file)).startTimes).toEqual(
      new Map([
        ['T-1', 3_000],
        ['T-2', 3_000],
      ]),
    );
  });
});
