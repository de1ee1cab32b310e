import { StormLog, embedding, words } from './spec-support/storm-log';

const MINUTE = 60_000;

describe('a burst where the settings restrict who vouches', () => {
  const unvouched = { unvouched: true };
  /** The most that two tickets differ: as similar as the threshold asks for. */
  const invented = (log: StormLog, count: number, ticket = {}) => log.arriveTimes(count, { ...unvouched, ...ticket });
  const statusesOf = (log: StormLog) => [...log.detector.incidents.values()].map(({ status, held }) => [status, held]);

  it('by invented requesters alone is held, however many they are: nothing is suppressed', () => {
    const log = new StormLog();
    expect(invented(log, 11).at(-1)).toMatchObject({ routing: 'routed', kept_out: 'unverified_requesters' });
    expect(statusesOf(log)).toEqual([['suspected', 'unverified_requesters']]);
    for (let minutes = 0; minutes < 60; minutes += 1) {
      expect(invented(log, 20).every(({ routing }) => routing === 'routed')).toBe(true);
      log.wait(MINUTE);
    }
    expect(log.arrive()).toMatchObject({ routing: 'routed', incident: null });
    expect(statusesOf(log)).toEqual([['suspected', 'unverified_requesters']]);
    expect(log.detector.largeSuspectedIncidents('all')).toEqual([]);
  });

  it('changes to suspected once, with its first members, and grows', () => {
    const log = new StormLog();
    invented(log, 10);
    const eleventh: Parameters<StormLog['append']>[0] = {
      ...{
        kind: 'arrived',
        ticket_id: 'last',
        received_ms: log.nowMs,
        requester: null,
        unvouched: true,
        severe_signal: null,
      },
      ...{ embedding: embedding(), words: words(), failure: 1, identifiers: '', is_machine: false },
    };
    const [change, ...more] = log.append(eleventh).changes;
    expect(more).toEqual([]);
    expect(change).toMatchObject({
      status: 'suspected',
      held: 'unverified_requesters',
      representative_ticket_id: 'T1',
      opened_ms: null,
    });
    expect(change?.joined).toHaveLength(11);
    const [grown] = log.append({ ...eleventh, ticket_id: 'later' }).changes;
    expect(grown).toMatchObject({
      incident_id: change?.incident_id,
      has_new_status: false,
      joined: [{ ticket_id: 'later' }],
    });
  });

  it('opens when an operator confirms it', () => {
    const log = new StormLog();
    invented(log, 11);
    const [incident_id = ''] = log.ids('suspected');
    expect(log.append({ kind: 'confirmed', incident_id }).changes).toMatchObject([{ status: 'open', held: null }]);
    expect(log.arrive().routing).toBe('suppressed');
  });

  it('opens with more vouched requesters than the threshold, whatever other requesters write, and includes the held tickets', () => {
    const log = new StormLog();
    invented(log, 15);
    const [held] = log.ids('suspected');
    expect(log.arriveTimes(10).every(({ routing }) => routing === 'routed')).toBe(true);
    expect(log.arrive().routing).toBe('suppressed');
    const [opened] = log.ids('open');
    expect(log.detector.incidents.get(opened ?? '')?.members.size).toBe(26);
    expect(log.detector.isDropped(held ?? '')).toBe(true);
    expect(invented(log, 1)).toMatchObject([{ routing: 'suppressed' }]);
  });

  it('is about the tickets of the vouched ones: others do not move its direction', () => {
    const log = new StormLog();
    invented(log, 50, { embedding: embedding(24) });
    log.arriveTimes(11);
    expect(log.ids('open')).toHaveLength(1);
    // 26 degrees from the vouched ones, 2 from the others.
    expect(log.arrive({ embedding: embedding(26) })).toMatchObject({ routing: 'routed', incident: null });
    expect(log.arrive({ embedding: embedding(20) }).routing).toBe('suppressed');
  });

  it('does not open by an invented ticket that is similar to many vouched ones which are not similar to each other', () => {
    const log = new StormLog();
    for (let n = 0; n < 11; n += 1) log.arrive({ embedding: embedding(n % 2 === 0 ? -20 : 20) });
    expect(invented(log, 1)).toMatchObject([{ routing: 'routed', kept_out: 'unverified_requesters' }]);
    expect(log.ids('open')).toEqual([]);
  });

  it('opens with half as many vouched ones once it has been held for ten minutes and still grows', () => {
    const log = new StormLog();
    invented(log, 11);
    log.wait(9 * MINUTE);
    invented(log, 11);
    expect(log.arriveTimes(6).every(({ routing }) => routing === 'routed')).toBe(true);
    log.wait(MINUTE);
    invented(log, 1);
    expect(log.ids('open')).toEqual([]);
    expect(log.arrive().routing).toBe('suppressed');
    expect(statusesOf(log)).toEqual([['open', null]]);
  });

  it('of which the vouched ones are at their normal rate does not open, however long it is held and however many are invented', () => {
    const log = new StormLog();
    const moment = (inventedToo: number): void => {
      for (let n = 0; n < 21; n += 1)
        log.arrive({ embedding: embedding(0, 1 + (n % 7)), failure: 0, identifiers: `${log.nowMs} ${n}` });
      expect(log.arrive({ failure: 0 }).routing).toBe('routed');
      expect(invented(log, inventedToo, { failure: 0 }).every(({ routing }) => routing === 'routed')).toBe(true);
      log.wait(25_000);
    };
    // Twelve in a window: more than the threshold, and no more than ever.
    for (let moments = 0; moments < 48; moments += 1) moment(0);
    for (let moments = 0; moments < 48; moments += 1) moment(6);
    // Longer than the invented tickets are known; honest ones keep the incident suspected.
    for (let moments = 0; moments < 60; moments += 1) moment(0);
    expect(statusesOf(log)).toEqual([['suspected', 'unverified_requesters']]);
  });

  it('by vouched requesters opens although others had raised the rate of its matter before', () => {
    const moment = (log: StormLog, inventedToo: number): void => {
      for (let n = 0; n < 21; n += 1)
        log.arrive({ embedding: embedding(0, 1 + (n % 7)), failure: 0, identifiers: `${log.nowMs} ${n}` });
      expect(invented(log, inventedToo).every(({ kept_out }) => kept_out === null)).toBe(true);
      log.wait(33_000);
    };
    const log = new StormLog();
    for (let moments = 0; moments < 60; moments += 1) moment(log, 1);
    expect(log.arriveTimes(10).every(({ routing }) => routing === 'routed')).toBe(true);
    expect(log.arrive().routing).toBe('suppressed');
    // Not at their normal rate.
    const calm = new StormLog();
    for (let moments = 0; moments < 60; moments += 1) {
      moment(calm, 0);
      calm.arrive();
    }
    calm.arriveTimes(2);
    expect(calm.arrive()).toMatchObject({ routing: 'routed', kept_out: 'reference_rate' });
  });

  it('opens with vouched tickets of a second source, half as many as the threshold, and not with a few', () => {
    const log = new StormLog();
    const mail = { unvouched: false, source: 'mail' };
    invented(log, 30, { source: 'form' });
    invented(log, 5, mail);
    expect(statusesOf(log)).toEqual([['suspected', 'unverified_requesters']]);
    invented(log, 1, mail);
    expect(statusesOf(log)).toEqual([['open', null]]);
  });

  it('does not open by invented tickets beside as many vouched ones of another source, in either order', () => {
    for (const isInventedFirst of [true, false]) {
      const log = new StormLog();
      const groups = [{ source: 'form' }, { unvouched: false, source: 'shop' }];
      for (const sender of isInventedFirst ? groups : groups.toReversed()) invented(log, 5, sender);
      invented(log, 20, { source: 'form' });
      expect(statusesOf(log)).toEqual([['suspected', 'unverified_requesters']]);
    }
  });

  it.each([
    ['one source', { source: 'form' }, { source: 'form' }],
    ['one source and an unknown one', { source: 'form' }, {}],
    ['unknown ones', {}, {}],
  ])('by %s stays held', (_what, first, second) => {
    const log = new StormLog();
    invented(log, 30, first);
    invented(log, 30, second);
    expect(statusesOf(log)).toEqual([['suspected', 'unverified_requesters']]);
  });

  it('that is rejected does not make it harder for vouched requesters to open one', () => {
    const log = new StormLog();
    invented(log, 60);
    log.append({ kind: 'rejected', incident_id: log.ids('suspected')[0] ?? '' });
    log.arriveTimes(10);
    expect(log.ids('open')).toEqual([]);
    log.arrive();
    expect(log.ids('open')).toHaveLength(1);
  });

  it('after a rejection opens nothing and holds nothing', () => {
    const log = new StormLog();
    log.arriveTimes(11);
    log.append({ kind: 'rejected', incident_id: log.ids('open')[0] ?? '' });
    invented(log, 40);
    expect(statusesOf(log)).toEqual([['rejected', null]]);
    log.arriveTimes(11);
    invented(log, 20);
    expect(log.ids('open')).toEqual([]);
    log.arrive();
    expect(log.ids('open')).toHaveLength(1);
  });

  it('has the same fields in the log of another broker', () => {
    const log = new StormLog();
    const sender = { unvouched: true, source: 'form', severe_signal: 'harm_danger', always_routed: true };
    log.arrive(sender);
    log.arrive();
    expect(log.detector.entryOf('T1')).toMatchObject(sender);
    expect(Object.keys(log.detector.entryOf('T2') ?? {})).not.toContain('unvouched');
  });

  it('that the burst detector found is held where fewer than half are vouched for, and does not open by itself', () => {
    const suspect = (vouchedOnes: number) => {
      const log = new StormLog();
      for (let n = 0; n < 30; n += 1) log.arrive({ embedding: embedding(7 * n), unvouched: n >= vouchedOnes });
      const ticket_ids = Array.from({ length: 30 }, (_, n) => `T${n + 1}`);
      log.append({ kind: 'suspected', incident_id: 'burst', ticket_ids, similarity: 0.5 });
      return [log.detector.incidents.get('burst')?.held, log.detector.largeSuspectedIncidents('failures')];
    };
    expect(suspect(14)).toEqual(['unverified_requesters', []]);
    expect(suspect(15)).toEqual([null, ['burst']]);
  });
});
