import { StormLog, embedding } from './spec-support/storm-log';

const MINUTE = 60_000;

describe('a rejected incident', () => {
  /** An incident of eleven requesters, `p0` to `p10`, that an operator has rejected. */
  function aRejection(): StormLog {
    const log = new StormLog();
    write(log, 0, 11);
    log.append({ kind: 'rejected', incident_id: log.ids('open')[0] ?? '' });
    return log;
  }

  /** Tickets of requesters in turn; whether each is routed. */
  const write = (log: StormLog, from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => log.arrive({ requester: `p${from + n}` }).routing === 'routed');

  it('keeps its requesters from opening another until no similar ticket has arrived for the quiet time', () => {
    const log = aRejection();
    for (let times = 0; times < 3; times += 1) expect(write(log, 0, 11)).not.toContain(false);
    log.wait(29 * MINUTE);
    expect(write(log, 0, 11)).not.toContain(false);
    log.wait(30 * MINUTE);
    expect(write(log, 0, 11)).toEqual([...Array(10).fill(true), false]);
  });

  it('keeps as many others as it had from opening another, but not more', () => {
    const log = aRejection();
    expect(write(log, 11, 22)).not.toContain(false);
    expect(write(log, 22, 23)).toEqual([false]);
    const [opened] = log.ids('open');
    expect([...(log.detector.incidents.get(opened ?? '')?.members.keys() ?? [])]).toEqual(
      Array.from({ length: 12 }, (_, n) => `T${12 + n}`),
    );
  });

  it('does not keep a burst of others from opening one, although a similar ticket arrived every half an hour', () => {
    const log = aRejection();
    for (let times = 0; times < 2; times += 1) {
      log.wait(29 * MINUTE);
      expect(write(log, 50 + times, 51 + times)).toEqual([true]);
    }
    log.wait(6 * MINUTE);
    expect(write(log, 0, 5)).not.toContain(false);
    expect(write(log, 100, 111)).toEqual([...Array(10).fill(true), false]);
  });

  it('keeps similar tickets from opening another for two hours at most, however many arrive', () => {
    const log = aRejection();
    for (let times = 0; times < 4; times += 1) {
      log.wait(29 * MINUTE);
      expect(write(log, 0, 11)).not.toContain(false);
    }
    log.wait(3 * MINUTE);
    expect(write(log, 0, 11)).not.toContain(false);
    log.wait(MINUTE);
    expect(write(log, 0, 11)).toEqual([...Array(10).fill(true), false]);
  });

  it('does not come back while its matter has the same rate', () => {
    const log = new StormLog();
    const stream = (minutes: number): void => {
      for (let moments = 0; moments < minutes * 6; moments += 1) {
        log.arrive({ requester: `s${log.nowMs}` });
        for (let topic = 1; topic < 6; topic += 1)
          log.arrive({ embedding: embedding(0, topic), failure: 0, identifiers: `${log.nowMs}` });
        log.wait(10_000);
      }
    };
    stream(2);
    log.append({ kind: 'rejected', incident_id: log.ids('open')[0] ?? '' });
    stream(115);
    expect(log.ids('open')).toEqual([]);
  });

  it('keeps similar tickets from counting towards another one', () => {
    const log = aRejection();
    for (let n = 0; n < 10; n += 1) log.arrive({ embedding: embedding(20) });
    // As similar to these ten as they are to the rejected incident, but no part of that.
    expect(log.arrive({ embedding: embedding(40) })).toMatchObject({ routing: 'routed', incident: null });
    expect(log.ids('open')).toEqual([]);
  });

  it('does not affect other incidents', () => {
    const log = new StormLog();
    log.arriveTimes(11);
    log.append({ kind: 'rejected', incident_id: log.ids('open')[0] ?? '' });
    expect(log.arriveTimes(11, { embedding: embedding(0, 2) }).at(-1)?.routing).toBe('suppressed');
  });
});
