import { WriteHistory } from '../../harness/history/write-history';
import { historyFaults } from './history-faults';

const steps = (id: string, ...statuses: readonly string[]) =>
  statuses.map((status) => ['HSET', `{d}:ticket:${id}`, 'status', status]);

/** What is wrong with the history of a domain after these writes. */
function faultsOf(prefix: string, mayWait: boolean, ...commands: readonly (readonly string[])[]): string[] {
  const history = new WriteHistory();
  for (const command of commands) history.read(command);
  return historyFaults(history.domain(prefix), mayWait);
}

describe('the history of a domain', () => {
  it('is kept apart from others, and other keys are skipped', () => {
    const commands = [
      ...steps('a', 'queued', 'processing', 'assigned'),
      ['HSET', '{other}:ticket:a', 'status', 'assigned'],
      ['SET', 'probe', '1'],
      ['MULTI'],
    ];
    expect(faultsOf('d', false, ...commands)).toEqual([]);
    expect(faultsOf('other', false, ...commands)).toEqual([]);
    expect(faultsOf('nowhere', false, ...commands)).toEqual(['Nothing was ever written']);
  });

  it('shows a ticket that was routed twice, by way of the line or not', () => {
    expect(faultsOf('d', true, ...steps('a', 'queued', 'processing', 'assigned', 'processing', 'assigned'))).toEqual([
      expect.stringContaining('a was routed 2 times'),
      expect.stringContaining('a went assigned -> processing'),
    ]);
    const line = steps('a', 'queued', 'processing', 'waiting', 'suppressed', 'queued', 'processing', 'assigned');
    expect(faultsOf('d', true, ...line)).toEqual([]);
    expect(faultsOf('d', false, ...line)).toEqual([expect.stringContaining('routed 2 times')]);
  });

  it('shows events that were raised twice', () => {
    const body = (event: string): readonly string[] => ['HSET', '{d}:outbox:bodies', event, '{}'];
    const once = [body('ticket.urgent:a'), body('incident.opened:incident-1'), body('incident.resolved:incident-1')];
    expect(faultsOf('d', false, ...once)).toEqual([]);
    expect(faultsOf('d', false, ...once, ...once)).toEqual([
      'ticket.urgent:a was put into the outbox 2 times',
      'incident.opened:incident-1 was put into the outbox 2 times',
      'incident.resolved:incident-1 was put into the outbox 2 times',
    ]);
  });
});
