import { StormLog } from '../spec-support/storm-log';
import { entryFromJson, entryToJson } from './entry-json';

describe('an entry of the log', () => {
  it('comes back from JSON as it was, with its vectors', () => {
    const log = new StormLog();
    log.arrive({ requester: 'ann', grave: 'harm_danger' });
    log.arrive({ embedding: null });
    log.append({ kind: 'opened_by_hand', incident_id: 'incident-1', title: 'Mail is down', ticket_ids: ['T1'] });
    for (const entry of log.entries) {
      const { id, at_ms, ...unplaced } = entry;
      expect(entryFromJson(id, at_ms, entryToJson(unplaced))).toEqual(entry);
    }
  });

  it('of a later version is passed on, for whoever knows its kind', () => {
    expect(entryFromJson('1-0', 5, '{"kind":"merged"}')).toEqual({ kind: 'merged', id: '1-0', at_ms: 5 });
  });

  it.each([
    ['no JSON', '{'],
    ['a bare value', 'null'],
    [
      'a vector that points nowhere',
      '{"kind":"arrived","embedding":{"model":"m","numbers":"AAAA"},"words":{"indices":"","numbers":""}}',
    ],
    ['members that are no list', '{"kind":"suspected","incident_id":"i","ticket_ids":5,"similarity":0.6}'],
    ['rules that are missing', '{"kind":"rules"}'],
    ['a rule that is no number', '{"kind":"rules","rules":{"windowMs":"5"}}'],
    ['no kind at all', '{"incident_id":"i"}'],
    ['vectors that are missing', '{"kind":"arrived","ticket_id":"T1"}'],
  ])('is left out if it is %s', (_what, json) => {
    expect(entryFromJson('1-0', 1, json)).toBeUndefined();
  });
});
