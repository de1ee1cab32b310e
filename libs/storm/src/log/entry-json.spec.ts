import { StormLog, embedding } from '../spec-support/storm-log';
import { quantisedVector } from '../vectors/quantised-vector';
import { encodeDense } from './encode-vectors';
import { type UnplacedEntry, entryFromJson, entryToJson } from './entry-json';

describe('an entry of the log', () => {
  it('comes back from JSON as it was, with its vectors', () => {
    const log = new StormLog();
    log.arrive({ requester: 'ann', severe_signal: 'harm_danger' });
    log.arrive({ embedding: null });
    log.arrive({ severe_signal: 'harm_danger', always_routed: true, unvouched: true, source: 'shop' });
    log.append({ kind: 'opened_by_hand', incident_id: 'incident-1', title: 'Mail is down', ticket_ids: ['T1'] });
    const numbers = encodeDense(quantisedVector(embedding().numbers));
    const reference = { model: 'spec', tickets: 900, matters: [{ numbers, tickets: 40 }] };
    log.append({ kind: 'reference', reference });
    log.arrive({ failure: 0.25, identifiers: 'order 4100' });
    for (const entry of log.entries) {
      const { id, at_ms, ...unplaced } = entry;
      expect(entryFromJson(id, at_ms, entryToJson(unplaced))).toEqual(entry);
    }
  });

  it('of a ticket is skipped without a valid value in each field', () => {
    const log = new StormLog();
    log.arrive();
    const [{ id, at_ms, ...unplaced } = { id: '', at_ms: 0 }] = log.entries;
    const whole = JSON.parse(entryToJson(unplaced as UnplacedEntry)) as Record<string, unknown>;
    expect(entryFromJson(id, at_ms, JSON.stringify(whole))).toMatchObject(unplaced);
    for (const bad of [
      { failure: 1.5 },
      { failure: '1' },
      { failure: undefined },
      { identifiers: 5 },
      { is_machine: 1 },
      { always_routed: 'yes' },
      { unvouched: 1 },
      { source: 5 },
    ]) {
      expect(entryFromJson(id, at_ms, JSON.stringify({ ...whole, ...bad }))).toBeUndefined();
    }
  });

  it('of an unknown kind is returned unchecked', () => {
    expect(entryFromJson('1-0', 5, '{"kind":"merged"}')).toEqual({ kind: 'merged', id: '1-0', at_ms: 5 });
  });

  it.each([
    ['not JSON', '{'],
    ['a bare value', 'null'],
    [
      'a vector of zeros',
      '{"kind":"arrived","embedding":{"model":"m","numbers":"AAAA"},"words":{"indices":"","numbers":""}}',
    ],
    ['members that are not a list', '{"kind":"suspected","incident_id":"i","ticket_ids":5,"similarity":0.6}'],
    ['an invalid reference', '{"kind":"reference","reference":{"model":"m","tickets":5}}'],
    ['rules that are missing', '{"kind":"rules"}'],
    ['a rule that is not a number', '{"kind":"rules","rules":{"windowMs":"5"}}'],
    ['no kind at all', '{"incident_id":"i"}'],
    ['vectors that are missing', '{"kind":"arrived","ticket_id":"T1"}'],
  ])('is skipped if it is %s', (_what, json) => {
    expect(entryFromJson('1-0', 1, json)).toBeUndefined();
  });
});
