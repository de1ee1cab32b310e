import fc from 'fast-check';
import { planRequests, insertStorms } from './planned-requests';
import { planStorms } from './storms';

const TEXTS = ['The invoice is wrong', 'Nothing works', 'Who may see my data?'];

describe('packing tickets into requests', () => {
  it('sends every ticket in one request, in batches that the gateway takes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(), (count, seed) => {
        const parcels = planRequests(count, TEXTS, seed);
        const ids = parcels.flatMap(({ tickets }) => tickets.map(({ id }) => id));
        expect(ids).toEqual(Array.from({ length: count }, (_, index) => `chaos-${seed}-${index + 1}`));
        expect(Math.max(...parcels.map(({ tickets }) => tickets.length))).toBeLessThanOrEqual(100);
      }),
      { numRuns: 30 },
    );
  });

  it('is the same for the same seed', () => {
    expect(planRequests(500, TEXTS, 3)).toEqual(planRequests(500, TEXTS, 3));
    expect(planRequests(500, TEXTS, 3)).not.toEqual(planRequests(500, TEXTS, 4));
  });

  it('has some batches, some repeats, some new texts and some repeated ones', () => {
    const parcels = planRequests(20_000, TEXTS, 1);
    const tickets = parcels.flatMap((parcel) => parcel.tickets);
    const inBatches = parcels.filter((parcel) => parcel.tickets.length > 1).flatMap((parcel) => parcel.tickets).length;
    expect(inBatches).toBeGreaterThan(2000);
    expect(inBatches).toBeLessThan(10_000);
    expect(parcels.filter(({ againAfterMs }) => againAfterMs !== undefined).length).toBeGreaterThan(400);
    expect(tickets.filter(({ text }) => TEXTS.includes(text)).length).toBeGreaterThan(10_000);
    expect(new Set(tickets.map(({ text }) => text)).size).toBeGreaterThan(5000);
  });

  it('uses every text before any comes again, so that none is a storm by itself', () => {
    const texts = planRequests(3 * TEXTS.length, TEXTS, 5)
      .flatMap(({ tickets }) => tickets)
      .map(({ text }) => text.split('\n')[0]);
    for (let from = 0; from < texts.length; from += TEXTS.length)
      expect(texts.slice(from, from + TEXTS.length).toSorted()).toEqual(TEXTS.toSorted());
  });

  it('has them sent by different people, but for a few who come again and a few who say no name', () => {
    const requesters = planRequests(10_000, TEXTS, 1).flatMap(({ tickets }) =>
      tickets.map(({ requester }) => requester),
    );
    const named = requesters.filter((requester) => requester !== undefined);
    expect(named.length).toBeGreaterThan(8500);
    expect(named.length).toBeLessThan(9500);
    expect(new Set(named).size).toBeGreaterThan(0.85 * named.length);
    expect(new Set(named).size).toBeLessThan(named.length);
  });
});

describe('storms among them', () => {
  const ordinary = planRequests(1000, TEXTS, 2);
  const storms = planStorms(3, 1000, 2);
  const woven = insertStorms(ordinary, storms, 2);

  it('come all, beside everything else, in its order', () => {
    expect(woven.filter(({ storm }) => storm === undefined)).toEqual(ordinary);
    for (const { number, reports } of storms)
      expect(woven.filter(({ storm }) => storm === number).flatMap(({ tickets }) => tickets)).toEqual(reports);
  });

  it('begin where they are to, and are interrupted by others', () => {
    for (const { number, at } of storms) {
      const first = woven.findIndex(({ storm }) => storm === number);
      const last = woven.findLastIndex(({ storm }) => storm === number);
      const before = woven.slice(0, first).filter(({ storm }) => storm === undefined);
      const sent = before.reduce((sum, { tickets }) => sum + tickets.length, 0);
      expect(sent).toBeGreaterThanOrEqual(at);
      expect(sent).toBeLessThan(at + 101);
      expect(last - first).toBeGreaterThan(45);
      expect(last - first).toBeLessThan(90);
    }
  });

  it('that were to come after the end come at the end', () => {
    const late = planStorms(1, 1_000_000, 2);
    expect(insertStorms(ordinary, late, 2)).toEqual(ordinary);
    const atTheEnd = [{ ...late[0]!, at: 990 }];
    expect(insertStorms(ordinary, atTheEnd, 2).flatMap(({ tickets }) => tickets)).toHaveLength(1040);
  });
});
