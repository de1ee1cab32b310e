import { type Corrections, type TicketRecord } from '@smart-support/contracts';
import { aDecision, aNewTicket } from '@smart-support/testing';
import * as fc from 'fast-check';
import { newRecord } from '@smart-support/broker/rules';
import { decided, fieldsOf, recordOf } from './ticket-fields';

const RECEIVED = '2030-01-01T00:00:00.000Z';

const asMap = (flat: readonly string[]): Map<string, string> =>
  new Map(Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index] ?? '', flat[2 * index + 1] ?? '']));

const text = fc.string({ unit: 'grapheme' });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const corrections: fc.Arbitrary<Corrections> = fc.constantFrom({ category: 'Legal' }, { urgency_score: 0 });

const records: fc.Arbitrary<TicketRecord> = fc
  .record({
    text,
    subject: maybe(text),
    channel: maybe(text),
    metadata: maybe(fc.dictionary(text, fc.oneof(text, fc.boolean(), fc.constant(null)), { noNullPrototype: true })),
    status: fc.constantFrom('assigned' as const, 'waiting' as const, 'completed' as const),
    urgency: fc.double({ min: 0, max: 1, noNaN: true }),
    attempts: fc.nat({ max: 5 }),
    source: maybe(fc.record({ key: fc.stringMatching(/^[\w.-]{1,64}$/), domain: fc.stringMatching(/^[\w.-]{0,64}$/) })),
    corrected: maybe(corrections),
  })
  .map(({ text: sent, subject, channel, metadata, status, urgency, attempts, source, corrected }) => {
    const input = { subject, channel, metadata: metadata ?? null };
    const queued = newRecord(aNewTicket({ id: 'a', text: sent, lane: 'urgent', lane_urgency: 0.7, input }), RECEIVED);
    const decision = aDecision({ urgency_score: Object.is(urgency, -0) ? 0 : urgency });
    const agent = status === 'waiting' ? null : 'ann';
    const done = status === 'completed';
    return {
      ...queued,
      source,
      ticket: {
        ...queued.ticket,
        ...decided(decision),
        status,
        attempts,
        assigned_agent: agent,
        completed_at: done ? '2030-01-02T03:04:05.678Z' : null,
        resolution: done ? 'agent' : null,
      },
      explanation: {
        ...queued.explanation,
        ...decision.explanation,
        assignment: {
          how: agent === null ? ('waiting' as const) : ('ranked' as const),
          decided_at: '2030-01-01T00:00:01.000Z',
          agent_id: agent,
          agents: [
            {
              agent_id: 'ann',
              outcome: agent === null ? ('away' as const) : ('chosen' as const),
              score: 0.5,
              load: 0,
              capacity: 1,
            },
          ],
        },
        corrections: done ? corrected : null,
      },
    } satisfies TicketRecord;
  });

describe('a record in fields', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(records, (record) => {
        const fields = asMap(fieldsOf(record, 1));
        fields.set('status', record.ticket.status);
        expect(recordOf('a', fields)).toEqual(record);
      }),
    );
  });

  it('with another value in any field is corrupt or a valid record: never something between', () => {
    fc.assert(
      fc.property(records, fc.nat(), maybe(fc.oneof(text, fc.json())), (record, pick, value) => {
        const fields = asMap(fieldsOf(record, 1));
        fields.set('status', record.ticket.status);
        const name = [...fields.keys()][pick % fields.size]!;
        if (value === null) fields.delete(name);
        else fields.set(name, value);
        let read: TicketRecord | undefined;
        try {
          read = recordOf('a', fields);
        } catch (error) {
          expect(error).toMatchObject({ code: 'corrupt' });
        }
        if (read) {
          expect(typeof read.ticket.text).toBe('string');
          expect(read.ticket.received_at).toMatch(/Z$/);
        }
      }),
    );
  });
});
