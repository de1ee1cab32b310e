import { VirtualClock, anOffer } from '@smart-support/testing';
import * as fc from 'fast-check';
import { SeenTickets } from './seen-tickets';

const clock = new VirtualClock();
const withKey = (idempotencyKey: string) => ({ input: { text: 'a' }, idempotencyKey });

const withDuplicateKey = (duplicateKey: string) => ({ input: { text: 'a' }, duplicateKey });

describe('seen tickets', () => {
  it('find the broker of a ticket by its id and by its key', () => {
    const seen = new SeenTickets(clock, 1000);
    seen.trackOffer(anOffer('A'), 'A', 'shared').accepted('A');
    seen.trackOffer(withKey('k'), 'made-for-k', 'local').accepted('made-for-k');
    expect(seen.find(anOffer('A'))).toMatchObject({ place: 'shared', ticketId: 'A', isSure: true, isAsked: false });
    for (const again of [withKey('k'), anOffer('made-for-k')]) {
      expect(seen.find(again)).toMatchObject({ place: 'local', ticketId: 'made-for-k' });
    }
    expect([seen.find(anOffer('B')), seen.find(withKey('A')), seen.find({ input: { text: 'a' } })]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('find by the id before the key', () => {
    const seen = new SeenTickets(clock, 1000);
    seen.trackOffer({ ...anOffer('A'), idempotencyKey: 'k' }, 'A', 'shared').accepted('A');
    expect(seen.find(withKey('k'))).toBeUndefined();
    expect(seen.find({ ...anOffer('B'), idempotencyKey: 'k' })).toBeUndefined();
  });

  it('an offer counts from its start, and is dropped if it certainly did not arrive', () => {
    const seen = new SeenTickets(clock, 1000);
    const visit = seen.trackOffer(withKey('k'), 'made', 'shared');
    expect(seen.find(withKey('k'))).toMatchObject({ place: 'shared', isAsked: true, isSure: false });
    visit.refused();
    expect([seen.find(withKey('k')), seen.find(anOffer('made'))]).toEqual([undefined, undefined]);
  });

  it('one refusal does not affect another offer that is in flight, arrived, or has an unknown outcome', () => {
    const seen = new SeenTickets(clock, 1000);
    const [first, second, third] = ['A', 'A', 'A'].map((id) => seen.trackOffer(anOffer(id), id, 'shared'));
    first!.refused();
    expect(seen.find(anOffer('A'))).toMatchObject({ isAsked: true });
    second!.unknown();
    third!.refused();
    expect(seen.find(anOffer('A'))).toMatchObject({ isAsked: false, isSure: false });
    seen.trackOffer(anOffer('A'), 'A', 'shared').accepted('A');
    seen.trackOffer(anOffer('A'), 'A', 'shared').refused();
    expect(seen.find(anOffer('A'))).toMatchObject({ isSure: true });
  });

  it('a key that was used before leads to the first ticket, not to the id of the repeat', () => {
    const seen = new SeenTickets(clock, 1000);
    seen.trackOffer(withKey('k'), 'repeat', 'shared').accepted('first');
    expect(seen.find(withKey('k'))).toMatchObject({ ticketId: 'first' });
    expect(seen.find(anOffer('first'))).toMatchObject({ ticketId: 'first' });
    expect(seen.find(anOffer('repeat'))).toBeUndefined();
  });

  it('a ticket that was handed over is found at its new broker, by id and by key', () => {
    const seen = new SeenTickets(clock, 1000);
    seen.trackOffer(withKey('k'), 'made', 'local').accepted('made');
    seen.noteHandoff('made');
    seen.noteHandoff('unknown');
    for (const again of [withKey('k'), anOffer('made')]) expect(seen.find(again)).toMatchObject({ place: 'shared' });
  });

  it('a ticket that the other broker certainly does not have may be offered to the first again', () => {
    const seen = new SeenTickets(clock, 1000);
    seen.trackOffer(anOffer('A'), 'A', 'local').accepted('A');
    const visit = seen.trackOffer(anOffer('A'), 'A', 'shared');
    expect(seen.find(anOffer('A'))).toMatchObject({ place: 'shared' });
    visit.refused();
    expect(seen.find(anOffer('A'))?.place).not.toBe('shared');
  });

  it('a duplicate key counts for its time from the first offer on, and again afterwards', () => {
    const seen = new SeenTickets(clock, 1000);
    seen.trackOffer(withDuplicateKey('k'), 'first', 'shared').accepted('first');
    clock.advance(600);
    seen.trackOffer(withDuplicateKey('k'), 'repeat', 'shared').accepted('first');
    clock.advance(399);
    expect(seen.find(withDuplicateKey('k'))).toMatchObject({ place: 'shared', ticketId: 'first' });
    clock.advance(1);
    expect(seen.find(withDuplicateKey('k'))).toBeUndefined();
    seen.trackOffer(withDuplicateKey('k'), 'second', 'local').accepted('second');
    expect(seen.find(withDuplicateKey('k'))).toMatchObject({ place: 'local', ticketId: 'second' });
    expect(seen.find(anOffer('first'))).toMatchObject({ place: 'shared', ticketId: 'first' });
  });

  it('a duplicate key never counts if duplicates are not detected', () => {
    const seen = new SeenTickets(clock, 0);
    seen.trackOffer(withDuplicateKey('k'), 'first', 'shared').accepted('first');
    expect(seen.find(withDuplicateKey('k'))).toBeUndefined();
  });

  it('the latest are kept in any order of offers, repeats and refusals', () => {
    const step = fc.record({ id: fc.constantFrom(...'ABCDEFGH'), isRefused: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const seen = new SeenTickets(clock, 1000, 3);
        let latest: string[] = [];
        for (const { id, isRefused } of steps) {
          const isNew = !latest.includes(id);
          const visit = seen.trackOffer(anOffer(id), id, 'shared');
          latest = [...latest.filter((other) => other !== id), id].slice(-3);
          if (isRefused) visit.refused();
          else visit.accepted(id);
          if (isRefused && isNew) latest.pop();
          expect([...'ABCDEFGH'].filter((one) => seen.find(anOffer(one))).sort()).toEqual([...latest].sort());
        }
      }),
    );
  });

  it('the latest are kept, up to the bound; one that comes again is among the latest', () => {
    const seen = new SeenTickets(clock, 1000, 2);
    for (const id of ['A', 'B', 'A', 'C']) seen.trackOffer(anOffer(id), id, 'shared').accepted(id);
    expect(['A', 'B', 'C'].map((id) => seen.find(anOffer(id))?.ticketId)).toEqual(['A', undefined, 'C']);
  });

  describe('of several trust domains', () => {
    const of = (domain: string, id: string) => ({ input: { text: 'a', id }, source: { key: domain, domain } });
    const remember = (seen: SeenTickets, domain: string, id: string) =>
      seen.trackOffer(of(domain, id), id, 'shared').accepted(id);

    it('one that sends without end takes no more than its share from the others, and all if it is alone', () => {
      const seen = new SeenTickets(clock, 1000, 10);
      const flood = Array.from({ length: 50 }, (_, n) => `f${n}`);
      for (const id of flood) remember(seen, 'form', id);
      expect(flood.filter((id) => seen.find(of('form', id)))).toHaveLength(10);
      for (const id of ['a', 'b']) remember(seen, 'shop', id);
      for (const id of flood) remember(seen, 'form', `again-${id}`);
      expect(['a', 'b'].map((id) => seen.find(of('shop', id))?.ticketId)).toEqual(['a', 'b']);
      expect(flood.filter((id) => seen.find(of('form', `again-${id}`)))).toHaveLength(8);
    });

    it('each keeps its latest up to an equal share at least, and all together no more than the bound', () => {
      const step = fc.record({ domain: fc.constantFrom('a', 'b', 'c'), id: fc.nat(9) });
      const MOST = 6;
      fc.assert(
        fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
          const seen = new SeenTickets(clock, 1000, MOST);
          const latest = new Map<string, string[]>(['a', 'b', 'c'].map((domain) => [domain, []]));
          for (const { domain, id: number } of steps) {
            const id = `${domain}~${number}`;
            remember(seen, domain, id);
            latest.set(domain, [...latest.get(domain)!.filter((other) => other !== id), id]);
            const kept = [...latest].map(([one, ids]) => ids.filter((each) => seen.find(of(one, each))));
            expect(kept.flat().length).toBeLessThanOrEqual(MOST);
          }
          for (const [domain, ids] of latest) {
            for (const id of ids.slice(-MOST / 3)) expect(seen.find(of(domain, id))).toBeDefined();
          }
        }),
      );
    });

    it('a ticket that was handed over is found at the shared broker, whichever domain it is of', () => {
      const seen = new SeenTickets(clock, 1000);
      for (const domain of ['shop', 'form']) {
        seen.trackOffer(of(domain, `${domain}~A`), `${domain}~A`, 'local').accepted(`${domain}~A`);
      }
      seen.noteHandoff('form~A');
      const places = ['shop', 'form'].map((domain) => seen.find(of(domain, `${domain}~A`))?.place);
      expect(places).toEqual(['local', 'shared']);
    });
  });
});
