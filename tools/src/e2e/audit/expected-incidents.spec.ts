import { type StormEntry, StormDetector, quantise, quantiseSparse } from '@smart-support/storm';
import fc from 'fast-check';
import { expectedIncidents } from './expected-incidents';
import type { LoggedEntry } from '../harness/history/write-history';

const RULES = { windowMs: 1000, quietMs: 500, ticketThreshold: 3 };

const arrived = (
  number: number,
  atMs: number,
  receivedMs = atMs,
): Extract<LoggedEntry, { readonly kind: 'arrived' }> => ({
  entryId: `${number}-0`,
  atMs,
  kind: 'arrived',
  ticketId: `r${number}`,
  receivedMs,
});
const ended = (kind: 'resolved' | 'rejected', atMs: number, incidentId = 'incident-4-0'): LoggedEntry => ({
  entryId: `${atMs}-9`,
  atMs,
  kind,
  incidentId,
});
const isReport = (ticketId: string): boolean => ticketId.startsWith('r');
const come = (entries: readonly LoggedEntry[]): [string, number][] =>
  expectedIncidents(entries, isReport, RULES).map(({ id, members }) => [id, members.size]);
const burst = (from: number, count: number, atMs: number): LoggedEntry[] =>
  Array.from({ length: count }, (_, index) => arrived(from + index, atMs + index));

describe('the incidents that the log of storms asks for', () => {
  it('open with the report that is one too many, and take in the others', () => {
    expect(come(burst(1, 3, 0))).toEqual([]);
    expect(come(burst(1, 6, 0))).toEqual([['incident-4-0', 6]]);
  });

  it('do not open for reports that are too far apart, nor for other tickets', () => {
    expect(come([...burst(1, 3, 0), arrived(4, 2000)])).toEqual([]);
    expect(come([...burst(1, 3, 0), { ...arrived(4, 3), ticketId: 'other' }])).toEqual([]);
  });

  it('take the earliest of several windows with as many reports', () => {
    const entries = [
      [1, 1000],
      [2, 850],
      [3, 1840],
      [4, 1851],
      [5, 1845],
    ].map(([number = 0, receivedMs]) => arrived(number, 2000, receivedMs));
    const [incident] = expectedIncidents(entries, isReport, RULES);
    expect([...(incident?.members ?? [])].sort()).toEqual(['r1', 'r2', 'r3', 'r5']);
  });

  it('begin anew after a resolution, and after a rejection with more reports than are known', () => {
    expect(come([...burst(1, 6, 0), ended('resolved', 10), ...burst(7, 4, 20)])).toEqual([
      ['incident-4-0', 6],
      ['incident-10-0', 4],
    ]);
    const rejected = [...burst(1, 6, 0), ended('rejected', 10)];
    expect(come([...rejected, ...burst(7, 6, 20)])).toEqual([['incident-4-0', 6]]);
    expect(come([...rejected, ...burst(7, 8, 20)])).toEqual([
      ['incident-4-0', 6],
      ['incident-13-0', 8],
    ]);
  });

  it('are quiet after a while, take in no single one, and go on with a new burst', () => {
    expect(come([...burst(1, 4, 0), arrived(5, 600)])).toEqual([['incident-4-0', 4]]);
    expect(come([...burst(1, 4, 0), ...burst(5, 4, 2000)])).toEqual([['incident-4-0', 8]]);
  });

  it('are those of the engine, for reports that are all alike', () => {
    const steps = fc.array(
      fc.record({
        wait: fc.oneof({ weight: 9, arbitrary: fc.nat(60) }, { weight: 1, arbitrary: fc.nat(1500) }),
        late: fc.nat(300),
        what: fc.oneof(
          { weight: 9, arbitrary: fc.constant('report') },
          { weight: 1, arbitrary: fc.constantFrom('resolved', 'rejected') },
        ),
      }),
      { maxLength: 60 },
    );
    const embedding = { model: 'm', numbers: quantise(Float32Array.from([1, 2, 3])).numbers };
    const words = quantiseSparse({ indices: Uint32Array.from([1]), values: Float32Array.from([1]) });
    fc.assert(
      fc.property(steps, (all) => {
        const detector = new StormDetector({
          ...RULES,
          reopenMs: 86_400_000,
          similarity: 0.9,
          baselineSimilarity: 0.65,
        });
        const log: LoggedEntry[] = [];
        let at_ms = 10_000;
        all.forEach(({ wait, late, what }, index) => {
          at_ms += wait;
          const id = `${index}-0`;
          const latest = [...detector.incidents.values()].findLast(({ status }) => ['open', 'quiet'].includes(status));
          if (what !== 'report' && !latest) return;
          const ticket = { ticket_id: `r${index}`, received_ms: at_ms - late, requester: `who-${index}` };
          const entry = (
            what === 'report'
              ? { kind: 'arrived', id, at_ms, ...ticket, embedding, words, severe_signal: null }
              : { kind: what, id, at_ms, incident_id: latest?.id ?? '' }
          ) as StormEntry;
          detector.apply(entry);
          log.push(
            what === 'report'
              ? {
                  entryId: id,
                  atMs: at_ms,
                  kind: 'arrived',
                  ticketId: ticket.ticket_id,
                  receivedMs: ticket.received_ms,
                }
              : { entryId: id, atMs: at_ms, kind: what as 'resolved', incidentId: latest?.id ?? '' },
          );
        });
        const expected = new Map(expectedIncidents(log, isReport, RULES).map(({ id, members }) => [id, members]));
        // The detector forgets rejected ones after a while.
        for (const { id, members } of detector.incidents.values())
          expect([id, expected.get(id)]).toEqual([id, new Set(members.keys())]);
        const kept = [...expected.keys()].filter((id) => !detector.incidents.has(id));
        const rejected = log.flatMap((entry) => (entry.kind === 'rejected' ? [entry.incidentId] : []));
        expect(kept.filter((id) => !rejected.includes(id))).toEqual([]);
      }),
    );
  });
});
