import { createLogger } from '@smart-support/telemetry';
import { reportUnsavedTickets } from './report-unsaved-tickets';

/** The lines of the log. */
function written(ticketIds: readonly string[]) {
  const lines: { level: string; msg: string; tickets?: number; ticket_ids?: string[] }[] = [];
  const write = (line: string): void => void lines.push(JSON.parse(line) as (typeof lines)[number]);
  reportUnsavedTickets(ticketIds, createLogger({ level: 'info', name: 'spec', destination: { write } }));
  return lines;
}

describe('tickets that end with the process', () => {
  it('are no line of the log if there are none', () => {
    expect(written([])).toEqual([]);
  });

  it('are counted, and every id stands there whole, some in each line', () => {
    const ids = Array.from({ length: 250 }, (_, n) => `${'long-id.'.repeat(15)}${n}`);
    const [count, ...lists] = written(ids);
    expect(count).toMatchObject({ level: 'error', tickets: 250 });
    expect(lists.map(({ ticket_ids }) => ticket_ids?.length)).toEqual([100, 100, 50]);
    expect(lists.flatMap(({ ticket_ids }) => ticket_ids)).toEqual(ids);
    expect(new Set(lists.map(({ level }) => level))).toEqual(new Set(['error']));
  });
});
