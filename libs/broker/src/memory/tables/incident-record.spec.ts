import type { Category, DoubtReason, JoiningDoubt } from '@smart-support/contracts';
import { aTicket } from '@smart-support/testing';
import * as fc from 'fast-check';
import { memberPlace } from '../../rules/incidents';
import { IncidentRecord } from './incident-record';

const START = Date.UTC(2030, 0, 1);
const CATEGORIES: readonly Category[] = ['Billing', 'Technical', 'Legal'];

const aRecord = (): IncidentRecord =>
  new IncidentRecord(1, {
    ...{
      incident_id: 'incident-1',
      epoch: 1,
      status: 'open',
      has_new_status: true,
      is_notified: false,
      title: 'An outage',
    },
    ...{ representative_ticket_id: null, degraded: false, held: null, opened_ms: START, last_member_ms: START },
    ...{ closed_ms: null, previous_incident_id: null, joined: [], left: [] },
  });

interface Facts {
  readonly ms: number;
  readonly doubts: readonly JoiningDoubt[];
  readonly requester: string | null;
  readonly category: Category | null;
  readonly urgency: number | null;
}

const ticketOf = (id: string, { ms, requester, category, urgency }: Facts) =>
  aTicket({
    ...{ id, requester, category, urgency_score: urgency },
    received_at: new Date(START + ms).toISOString(),
  });

const join = (record: IncidentRecord, id: string, facts: Facts): void =>
  record.addMember(
    { similarity: 1, routed_signal: null, is_decided: false, doubts: facts.doubts },
    ticketOf(id, facts),
  );

const PLAIN: Facts = { ms: 0, doubts: [], requester: null, category: 'Billing', urgency: 0.5 };

describe('the record of an incident', () => {
  it('shows the members and counts that a walk over all of them finds, whatever joins, changes and leaves', () => {
    const facts = fc.record<Facts>({
      ms: fc.nat({ max: 4 }),
      doubts: fc.subarray<JoiningDoubt>(['low_similarity', 'severe_signal']),
      requester: fc.constantFrom(null, 'ann', 'ben'),
      category: fc.constantFrom(null, ...CATEGORIES),
      urgency: fc.constantFrom(null, 0, 0.25, 0.5, 0.75),
    });
    const id = fc.integer({ min: 0, max: 9 }).map((n) => `t${n}`);
    const what = fc.constantFrom('join', 'join', 'note', 'doubt', 'leave');
    const step = fc.record({ what, id, facts });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat({ max: 5 }), fc.nat({ max: 12 }), (steps, ms, most) => {
        const record = aRecord();
        const model = new Map<string, Facts>();
        for (const one of steps) {
          const known = model.get(one.id);
          // A ticket arrives once.
          const now = { ...one.facts, ms: known?.ms ?? one.facts.ms };
          if (one.what === 'join') {
            join(record, one.id, now);
            record.ensureRepresentative();
            model.set(one.id, now);
          } else if (one.what === 'note') {
            record.noteDecision(ticketOf(one.id, now));
            if (known) model.set(one.id, { ...known, category: now.category, urgency: now.urgency });
          } else if (one.what === 'doubt') {
            record.addDoubts(one.id, now.doubts);
            if (known) model.set(one.id, { ...known, doubts: [...new Set([...known.doubts, ...now.doubts])] });
          } else {
            record.removeMember(one.id);
            model.delete(one.id);
          }
          expectToShow(record, model, { ms, id: `t${most}` }, most);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('examines a bounded number of members for a page of doubtful ones, and continues from there', () => {
    const record = aRecord();
    for (let n = 0; n < 45_000; n += 1) join(record, `t${String(n).padStart(5, '0')}`, PLAIN);
    for (const id of ['t41000', 't41001']) record.addDoubts(id, ['severe_signal']);
    const pages: string[][] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = record.doubtfulAfter(cursor === undefined ? null : memberPlace(cursor));
      pages.push(page.members.map(({ ticket_id }) => ticket_id));
      cursor = page.next_cursor;
    }
    expect(pages).toEqual([[], [], ['t41000', 't41001']]);
    expect(record.describe().doubtful_members.count).toBe(2);
  });

  it('gives each member to be settled once, the latest arrivals first, while others join and leave', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 5 }), { maxLength: 20 }), fc.integer({ min: 1, max: 7 }), (arrivals, most) => {
        const record = aRecord();
        const ids = arrivals.map((ms, index) => ({ ms, id: `t${String(index).padStart(2, '0')}` }));
        for (const { ms, id } of ids) join(record, id, { ...PLAIN, ms });
        record.unsettle();
        const settled: string[] = [];
        while (record.isUnsettled) {
          const part = record.takeUnsettled(most);
          settled.unshift(...part);
          if (part[0]) record.removeMember(part[0]);
          join(record, 'later', { ...PLAIN, ms: 9 });
        }
        const inOrder = ids.toSorted((a, b) => a.ms - b.ms || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
        expect(settled).toEqual(inOrder);
      }),
    );
  });
});

/** Expects the record to match its members. */
function expectToShow(
  record: IncidentRecord,
  model: ReadonlyMap<string, Facts>,
  after: { readonly ms: number; readonly id: string },
  most: number,
): void {
  const all = [...model].map(([id, facts]) => ({ id, ...facts }));
  all.sort((a, b) => a.ms - b.ms || (a.id < b.id ? -1 : 1));
  const counts = Object.fromEntries(
    CATEGORIES.map((one) => [one, all.filter(({ category }) => category === one).length] as const).filter(
      ([, n]) => n > 0,
    ),
  );
  const highest = Math.max(...Object.values(counts));
  const doubtful = all.flatMap(({ id, doubts, category }) => {
    const reasons: DoubtReason[] = [
      ...(doubts.includes('low_similarity') ? (['low_similarity'] as const) : []),
      ...(category !== null && (counts[category] ?? 0) < highest ? (['other_category'] as const) : []),
      ...(doubts.includes('severe_signal') ? (['severe_signal'] as const) : []),
    ];
    return reasons.length > 0 ? [{ id, reasons }] : [];
  });
  const isAfter = ({ ms, id }: { readonly ms: number; readonly id: string }): boolean =>
    ms > after.ms || (ms === after.ms && id > after.id);
  const requesters = all.map(({ requester, id }) => requester ?? `: ${id}`);
  const place = { receivedMs: START + after.ms, ticketId: after.id };
  expect(record.describe()).toMatchObject({
    member_count: all.length,
    requester_count: new Set(requesters).size,
    max_urgency: Math.max(0, ...all.map(({ urgency }) => urgency ?? 0)),
    doubtful_members: { count: doubtful.length },
  });
  expect(record.describe().categories).toEqual(counts);
  expect(record.membersAfter(null, 100).map(({ ticket_id }) => ticket_id)).toEqual(all.map(({ id }) => id));
  const page = record.membersAfter(place, most).map(({ ticket_id }) => ticket_id);
  expect(page).toEqual(
    all
      .filter(isAfter)
      .slice(0, most)
      .map(({ id }) => id),
  );
  const { members } = record.doubtfulAfter(place);
  const expected = doubtful.filter(({ id }) => all.some((one) => one.id === id && isAfter(one)));
  expect(members.map(({ ticket_id, reasons }) => ({ id: ticket_id, reasons }))).toEqual(expected);
  if (all.length > 0) expect(all.map(({ id }) => id)).toContain(record.representativeId);
}
