import fc from 'fast-check';
import { packParcels } from './parcels';

const TEXTS = ['The invoice is wrong', 'Nothing works', 'Who may see my data?'];

describe('packing tickets into requests', () => {
  it('sends every ticket in one request, in batches that the gateway takes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(), (count, seed) => {
        const parcels = packParcels(count, TEXTS, seed);
        const ids = parcels.flatMap(({ tickets }) => tickets.map(({ id }) => id));
        expect(ids).toEqual(Array.from({ length: count }, (_, index) => `chaos-${seed}-${index + 1}`));
        expect(Math.max(...parcels.map(({ tickets }) => tickets.length))).toBeLessThanOrEqual(100);
      }),
      { numRuns: 30 },
    );
  });

  it('is the same for the same seed', () => {
    expect(packParcels(500, TEXTS, 3)).toEqual(packParcels(500, TEXTS, 3));
    expect(packParcels(500, TEXTS, 3)).not.toEqual(packParcels(500, TEXTS, 4));
  });

  it('has some batches, some repeats, some texts that nobody has seen before and some that everybody has', () => {
    const parcels = packParcels(20_000, TEXTS, 1);
    const tickets = parcels.flatMap((parcel) => parcel.tickets);
    const inBatches = parcels.filter((parcel) => parcel.tickets.length > 1).flatMap((parcel) => parcel.tickets).length;
    expect(inBatches).toBeGreaterThan(2000);
    expect(inBatches).toBeLessThan(10_000);
    expect(parcels.filter(({ againAfterMs }) => againAfterMs !== undefined).length).toBeGreaterThan(400);
    expect(tickets.filter(({ text }) => TEXTS.includes(text)).length).toBeGreaterThan(10_000);
    expect(new Set(tickets.map(({ text }) => text)).size).toBeGreaterThan(5000);
  });
});
