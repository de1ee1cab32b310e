import { DomainHistories } from './domain-histories';

const steps = (id: string, ...statuses: readonly string[]) =>
  statuses.map((status) => ['HSET', `{d}:ticket:${id}`, 'status', status]);

function historiesOf(...commands: readonly (readonly string[])[]): DomainHistories {
  const histories = new DomainHistories();
  for (const command of commands) histories.read(command);
  return histories;
}

describe('the histories of many domains', () => {
  it('are kept apart, and other keys are passed over', () => {
    const histories = historiesOf(
      ...steps('a', 'queued', 'processing', 'assigned'),
      ['HSET', '{other}:ticket:a', 'status', 'assigned'],
      ['SET', 'probe', '1'],
      ['MULTI'],
    );
    expect(histories.wrongOf('d', { mayWait: false })).toEqual([]);
    expect(histories.wrongOf('other', { mayWait: false })).toEqual([]);
    expect(histories.wrongOf('nowhere', { mayWait: false })).toEqual(['Nothing was ever written']);
  });

  it('tell of a ticket that was routed twice, by way of the line or not', () => {
    const twice = historiesOf(...steps('a', 'queued', 'processing', 'assigned', 'processing', 'assigned'));
    expect(twice.wrongOf('d', { mayWait: true })).toEqual([
      expect.stringContaining('a was routed 2 times'),
      expect.stringContaining('a went assigned -> processing'),
    ]);
    const line = historiesOf(
      ...steps('a', 'queued', 'processing', 'waiting', 'suppressed', 'queued', 'processing', 'assigned'),
    );
    expect(line.wrongOf('d', { mayWait: true })).toEqual([]);
    expect(line.wrongOf('d', { mayWait: false })).toEqual([expect.stringContaining('routed 2 times')]);
    expect(line.releasedOf('d')).toBe(1);
  });

  it('tell of events that were told twice', () => {
    const body = (event: string): readonly string[] => ['HSET', '{d}:outbox:bodies', event, '{}'];
    const once = [body('ticket.urgent:a'), body('incident.opened:incident-1'), body('incident.resolved:incident-1')];
    expect(historiesOf(...once).wrongOf('d', { mayWait: false })).toEqual([]);
    expect(historiesOf(...once, ...once).wrongOf('d', { mayWait: false })).toEqual([
      'ticket.urgent:a was put into the outbox 2 times',
      'incident.opened:incident-1 was put into the outbox 2 times',
      'incident.resolved:incident-1 was put into the outbox 2 times',
    ]);
  });

  it('count the tickets that came back', () => {
    const histories = historiesOf(
      ['HINCRBY', '{d}:ticket:a', 'stalls', '1'],
      ['HINCRBY', '{d}:ticket:b', 'stalls', '1'],
    );
    expect(histories.stallsOf('d')).toBe(2);
    expect(histories.stallsOf('nowhere')).toBe(0);
  });
});
