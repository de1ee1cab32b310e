import fc from 'fast-check';
import { DueCuts, arrivingPart } from './cut-reply';

describe('cutting a reply', () => {
  it('lets its beginning through, and never all of it', () => {
    const part = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 50 }), part, (bytes, share) => {
        const piece = Buffer.from(bytes);
        const arriving = arrivingPart(piece, share);
        expect(arriving.length).toBeLessThan(piece.length);
        expect(piece.subarray(0, arriving.length).equals(arriving)).toBe(true);
      }),
    );
    expect(arrivingPart(Buffer.from('+OK\r\n'), 0.5).toString()).toBe('+O');
  });

  it('happens at the reply that it was ordered for', () => {
    const cuts = new DueCuts();
    cuts.schedule(3, 0.25);
    cuts.schedule(1, 0.75);
    expect([1, 2, 3, 4].map(() => cuts.count())).toEqual([0.75, undefined, 0.25, undefined]);
  });

  it('happens once for each order, one reply after the other', () => {
    const cuts = new DueCuts();
    cuts.schedule(1, 0.1);
    cuts.schedule(1, 0.2);
    expect([1, 2, 3].map(() => cuts.count())).toEqual([0.1, 0.2, undefined]);
  });
});
