import * as fc from 'fast-check';
import { quantise } from '../vectors/quantised-vector';
import { ReferenceSample, type ReferenceTicket, hashOf } from './reference-sample';

const SPAN = { youngestMs: 100, oldestMs: 1000 };

const aTicket = (ticketId: string, receivedMs: number, requester: string | null = null): ReferenceTicket => {
  return { ticketId, receivedMs, requester, model: 'spec', vector: quantise([1]) };
};

/** The sample by its definition. */
function defined(tickets: readonly ReferenceTicket[], nowMs: number, size: number): string[] {
  const ofAge = tickets.filter(({ receivedMs }) => nowMs - receivedMs >= 100 && nowMs - receivedMs <= 1000);
  const requesters = new Set<string>();
  return ofAge
    .sort((a, b) => hashOf(a.ticketId) - hashOf(b.ticketId))
    .filter(({ requester }) => requester === null || (!requesters.has(requester) && requesters.add(requester)))
    .slice(0, size)
    .map(({ ticketId }) => ticketId);
}

describe('a reference sample', () => {
  it('has the smallest hashes of the right age, one for each requester, at any moment, whatever was dropped meanwhile', () => {
    const steps = fc.array(fc.record({ waitMs: fc.nat({ max: 30 }), requester: fc.constantFrom(null, 'ann', 'ben') }), {
      maxLength: 400,
      size: 'max',
    });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 12 }), (arrivals, size) => {
        const sample = new ReferenceSample(size, SPAN);
        const all: ReferenceTicket[] = [];
        let nowMs = 0;
        arrivals.forEach(({ waitMs, requester }, index) => {
          nowMs += waitMs;
          const ticket = aTicket(`T${index}`, nowMs, requester);
          all.push(ticket);
          sample.addTicket(ticket);
          if (index % 20 === 0) {
            expect(sample.sampleAt(nowMs).map(({ ticketId }) => ticketId)).toEqual(defined(all, nowMs, size));
          }
        });
      }),
      { numRuns: 100 },
    );
  });

  it('drops most tickets that it is given', () => {
    const sample = new ReferenceSample(20, { youngestMs: 0, oldestMs: 1e9 });
    for (let index = 0; index < 20_000; index += 1) sample.addTicket(aTicket(`T${index}`, index));
    expect(sample.sampleAt(20_000)).toHaveLength(20);
    // 20 x (1 + ln 1000) = 158 on average.
    expect(sample.tickets.length).toBeLessThan(300);
  });

  it('drops most tickets also while they are too young for it', () => {
    const sample = new ReferenceSample(20, { youngestMs: 1e6, oldestMs: 1e9 });
    for (let index = 0; index < 20_000; index += 1) sample.addTicket(aTicket(`T${index}`, index));
    expect(sample.sampleAt(20_000)).toEqual([]);
    expect(sample.sampleAt(2e6)).toHaveLength(20);
    // Twice 40 x (1 + ln 500) = 577 on average, once for the older and once for the younger ones.
    expect(sample.tickets.length).toBeLessThan(900);
  });

  it('has no excluded tickets', () => {
    const sample = new ReferenceSample(5, SPAN);
    for (const id of ['a', 'b', 'c']) sample.addTicket(aTicket(id, 0));
    sample.excludeTickets(new Set(['b']));
    expect(
      sample
        .sampleAt(500)
        .map(({ ticketId }) => ticketId)
        .sort(),
    ).toEqual(['a', 'c']);
  });
});
