import { beginningsOf, symbolOf } from './phrase-beginnings';

/** The beginnings as text, one digit for all. */
const read = (source: string): string[] =>
  beginningsOf(source).map((symbols) =>
    symbols
      .map((symbol) => [..."abcdefghijklmnopqrstuvwxyz0 '-?"].find((sign) => symbolOf(sign.charCodeAt(0)) === symbol))
      .join(''),
  );

describe('how a pattern can begin', () => {
  it('is its first six plain characters', () => {
    expect(read('standstill')).toEqual(['stands']);
  });

  it('is every alternative of a group, wherever the group stands', () => {
    expect(read('(?:lost|stolen) card')).toEqual(['lost c', 'stolen']);
    expect(read('no (?:rush|hurry)')).toEqual(['no rus', 'no hur']);
    expect(read('fee|tax')).toEqual(['fee', 'tax']);
  });

  it('goes both ways where something may be absent', () => {
    expect(read("can'?t go")).toEqual(["can't ", 'cant g']);
    expect(read('(?:pre)?paid')).toEqual(['prepai', 'paid']);
  });

  it('ends before anything that may be absent or is no plain character', () => {
    expect(read('to[mn]')).toEqual(['to']);
    expect(read('at (?:\\w{1,9} ){0,2}once')).toEqual(['at ']);
    expect(read('cat(?! flap)')).toEqual(['cat']);
    expect(read('of*')).toEqual(['o']);
  });

  it('knows digits and the question mark', () => {
    expect(read('\\d{1,2} people')).toEqual(['0']);
    expect(read('24 hours')).toEqual(['00 hou']);
    expect(read('\\?')).toEqual(['?']);
  });
});
