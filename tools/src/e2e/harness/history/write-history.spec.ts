import { type DomainHistory, WriteHistory } from './write-history';

function historyOf(...commands: readonly (readonly string[])[]): DomainHistory {
  const history = new WriteHistory();
  for (const command of commands) history.read(command);
  return history.domain('shop');
}

const entry = (place: string, json: string): readonly string[] => ['XADD', '{shop}:storm:log', place, 'e', json];

describe('the history of a domain, from the writes of the store', () => {
  it('holds who came when, in the order of the log, also of entries that are cut', () => {
    const { stormLog: entries } = historyOf(
      entry('1700-0', '{"kind":"arrived","ticket_id":"a","received_ms":1690,"requester":"x","embedding":{"mod'),
      entry('1700-1', '{"kind":"arrived","ticket_id":"b","received_ms":1691,"requester":null}'),
    );
    expect(entries).toEqual([
      { entryId: '1700-0', atMs: 1700, kind: 'arrived', ticketId: 'a', receivedMs: 1690 },
      { entryId: '1700-1', atMs: 1700, kind: 'arrived', ticketId: 'b', receivedMs: 1691 },
    ]);
  });

  it('holds what operators ended', () => {
    const { stormLog: entries } = historyOf(
      entry('5-0', '{"kind":"resolved","incident_id":"incident-1-0"}'),
      entry('6-0', '{"kind":"rejected","incident_id":"incident-2-0"}'),
    );
    expect(entries.map((one) => [one.kind, 'incidentId' in one && one.incidentId])).toEqual([
      ['resolved', 'incident-1-0'],
      ['rejected', 'incident-2-0'],
    ]);
  });

  it('leaves out ticks, rules, and what is in no log of ours', () => {
    const { stormLog: entries } = historyOf(
      entry('5-0', '{"kind":"tick"}'),
      entry('6-0', '{"kind":"rules","rules":{}}'),
      ['XADD', '{other}:storm:log', '7-0', 'e', '{"kind":"rejected","incident_id":"incident-2-0"}'],
      ['XTRIM', '{shop}:storm:log', 'MINID', '=', '5-0'],
    );
    expect(entries).toEqual([]);
  });

  it('counts how often each event was put into the outbox', () => {
    const { raised } = historyOf(
      ['HSET', '{shop}:outbox:bodies', 'incident.opened:incident-1-0', '{}'],
      ['HSET', '{shop}:outbox:bodies', 'incident.opened:incident-1-0', '{}'],
      ['HSET', '{shop}:outbox:bodies', 'ticket.urgent:a', '{}'],
      ['HSET', '{shop}:outbox:attempts', 'incident.opened:incident-1-0', '1'],
    );
    expect([...raised]).toEqual([
      ['incident.opened:incident-1-0', 2],
      ['ticket.urgent:a', 1],
    ]);
  });
});
