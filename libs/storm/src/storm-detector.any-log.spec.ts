import * as fc from 'fast-check';
import { encodeDense } from './log/encode-vectors';
import type { StormEntry } from './log/storm-entry';
import { RULES, embedding, words } from './spec-support/storm-log';
import type { StormSnapshot } from './snapshot/storm-snapshot';
import { StormDetector } from './storm-detector';
import { quantisedVector } from './vectors/quantised-vector';

const rules = { ...RULES, ticketThreshold: 2 };
const incidentId = fc.constantFrom('hand', 'maybe', 'perhaps', 'incident-3', 'incident-5', 'incident-8', 'none');
const ticketId = fc.integer({ min: 0, max: 30 }).map((n) => `T${n}`);
const topic = fc.record({ degrees: fc.constantFrom(0, 10, 24, 26, 40), plane: fc.nat({ max: 2 }) });

const matters = [embedding(0, 0), embedding(24, 1)].map(({ numbers }) => encodeDense(quantisedVector(numbers)));

/** Any entry without its place. */
const step = fc.record({
  waitMs: fc.constantFrom(0, 1000, 60_000, 400_000, 1_800_000, 90_000_000),
  entry: fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        kind: fc.constant('arrived' as const),
        ticket_id: ticketId,
        received: fc.constantFrom(0, -1000, -200_000, 400_000),
        requester: fc.constantFrom(null, null, 'ann', 'ben'),
        unvouched: fc.option(fc.boolean(), { nil: undefined }),
        source: fc.constantFrom(undefined, 'form', 'mail'),
        embedding: fc.option(
          topic.map(({ degrees, plane }) => embedding(degrees, plane)),
          { nil: null, freq: 5 },
        ),
        words: topic.map(({ plane }) => words([plane, 1])),
        severe_signal: fc
          .option(fc.constant('harm'), { nil: null, freq: 5 })
          .map((rule) => (rule === 'harm' ? rule : null)),
        always_routed: fc.boolean(),
        failure: fc.constantFrom(0, 0, 0.39, 0.4, 1),
        identifiers: fc.constantFrom('', 'order 1', 'order 2'),
        is_machine: fc.boolean(),
        elsewhere: fc.option(fc.record({ notified: fc.boolean() }), { nil: undefined, freq: 5 }),
        member_of: fc.option(fc.record({ incident_id: incidentId, similarity: fc.constantFrom(0.95, 1) }), {
          nil: undefined,
          freq: 5,
        }),
      }),
    },
    fc.record({ kind: fc.constant('tick' as const) }),
    fc.record({
      kind: fc.constantFrom('confirmed' as const, 'rejected' as const, 'resolved' as const),
      incident_id: incidentId,
    }),
    fc.record({ kind: fc.constant('unlinked' as const), incident_id: incidentId, ticket_id: ticketId }),
    fc.record({
      kind: fc.constant('opened_by_hand' as const),
      incident_id: fc.constant('hand'),
      title: fc.constant('By hand'),
      ticket_ids: fc.array(ticketId, { maxLength: 4 }),
    }),
    fc.record({
      kind: fc.constant('suspected' as const),
      incident_id: fc.constantFrom('maybe', 'perhaps'),
      ticket_ids: fc.array(ticketId, { maxLength: 8 }),
      similarity: fc.constant(0.6),
    }),
    fc.record({
      kind: fc.constant('reference' as const),
      reference: fc.record({
        model: fc.constantFrom('spec', 'another'),
        tickets: fc.constantFrom(0, 10, 1_000),
        matters: fc.array(fc.record({ numbers: fc.constantFrom(...matters), tickets: fc.constantFrom(0, 5, 400) }), {
          maxLength: 2,
        }),
      }),
    }),
    fc.record({ kind: fc.constant('rules' as const), rules: fc.constantFrom(rules, { ...rules, similarity: 0.7 }) }),
  ),
});

const logs: fc.Arbitrary<StormEntry[]> = fc.array(step, { maxLength: 60, size: 'max' }).map((steps) => {
  let at_ms = 1_000_000_000;
  return steps.map(({ waitMs, entry }, index): StormEntry => {
    at_ms += waitMs;
    const placed = { id: String(index), at_ms };
    if (entry.kind !== 'arrived') return { ...entry, ...placed };
    const { received, elsewhere, member_of, unvouched, source, ...rest } = entry;
    const sender = { ...(unvouched !== undefined && { unvouched }), ...(source && { source }) };
    const known = { ...sender, ...(elsewhere && { elsewhere }), ...(member_of && { member_of }) };
    return { ...rest, ...placed, received_ms: at_ms + received, ...known };
  });
});

const throughJson = (snapshot: StormSnapshot): StormSnapshot => JSON.parse(JSON.stringify(snapshot)) as StormSnapshot;

describe('a detector with any log', () => {
  it('continues from any snapshot as if it had read everything', () => {
    fc.assert(
      fc.property(logs, fc.nat({ max: 60 }), (entries, at) => {
        const whole = new StormDetector(rules);
        let other = new StormDetector(rules);
        entries.forEach((entry, index) => {
          if (index === at) other = StormDetector.restore(throughJson(other.snapshot()), entries.slice(0, at));
          expect(other.apply(entry)).toEqual(whole.apply(entry));
          if (entry.kind === 'arrived')
            expect(other.verdictOf(entry.ticket_id)).toEqual(whole.verdictOf(entry.ticket_id));
        });
        expect(other.snapshot()).toEqual(whole.snapshot());
      }),
      { numRuns: 400 },
    );
  });

  it('stays consistent: a ticket is in one incident at most, and a suppressed one is in exactly one', () => {
    fc.assert(
      fc.property(logs, (entries) => {
        const detector = new StormDetector(rules);
        for (const entry of entries) {
          detector.apply(entry);
          const verdict = entry.kind === 'arrived' ? detector.verdictOf(entry.ticket_id) : null;
          if (verdict?.routing === 'suppressed') expect(verdict.incident).not.toBeNull();
          const holders = new Map<string, number>();
          for (const { status, members, requesterCount } of detector.incidents.values()) {
            const requesters = [...members.values()].map(({ requester, ticketId: id }) => requester ?? `none ${id}`);
            expect(requesterCount).toBe(new Set(requesters).size);
            if (status === 'suspected') expect(members.size).toBeGreaterThan(0);
            else for (const id of members.keys()) holders.set(id, (holders.get(id) ?? 0) + 1);
          }
          expect([...holders.values()].every((count) => count === 1)).toBe(true);
          // What is not known any more stands in the records only.
          expect([...holders.keys()].filter((id) => !detector.isKnown(id))).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never suppresses a ticket that is always routed', () => {
    fc.assert(
      fc.property(logs, (entries) => {
        const detector = new StormDetector(rules);
        const severe = new Map<string, boolean>();
        for (const entry of entries) {
          // Old entries are forgotten first.
          detector.apply({ kind: 'tick', id: `${entry.id} tick`, at_ms: entry.at_ms });
          if (entry.kind === 'arrived' && !detector.isKnown(entry.ticket_id))
            severe.set(entry.ticket_id, entry.severe_signal !== null && entry.always_routed === true);
          const { changes } = detector.apply(entry);
          if (entry.kind === 'arrived' && severe.get(entry.ticket_id))
            expect(detector.verdictOf(entry.ticket_id).routing).toBe('routed');
          const joined = changes.flatMap((change) => change.joined).filter(({ ticket_id }) => severe.get(ticket_id));
          expect(
            joined.filter(({ ticket_id, routed_signal }) => routed_signal === null && detector.isKnown(ticket_id)),
          ).toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('gives the same verdict about a ticket that is logged again while it is known', () => {
    fc.assert(
      fc.property(logs, (entries) => {
        const detector = new StormDetector(rules);
        for (const entry of entries) {
          detector.apply(entry);
          if (entry.kind !== 'arrived') continue;
          const first = detector.verdictOf(entry.ticket_id);
          const again = detector.apply({
            ...entry,
            id: `${entry.id} again`,
            embedding: null,
            severe_signal: 'another',
          });
          expect(again).toEqual({ changes: [], refused: null });
          expect(detector.verdictOf(entry.ticket_id)).toEqual(first);
        }
      }),
      { numRuns: 100 },
    );
  });
});
