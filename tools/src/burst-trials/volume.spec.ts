import { quantise, quantiseSparse } from '@smart-support/storm';
import type { SeenTicket } from '../storm-threshold/seen-ticket';
import { randomFrom } from '../train/random';
import { personalRequests } from './personal-requests';
import { REPORTS, tryVolume } from './volume';

const random = randomFrom(5);
const words = quantiseSparse({ indices: new Uint32Array(), values: new Float32Array() });
const anything = (): number[] => Array.from({ length: 48 }, () => random() - 0.5);
const seen = (id: string, about: string, vector: readonly number[], failure: number): SeenTicket => {
  return {
    id,
    about,
    vectors: { embedding: { model: 'spec', vector: quantise(vector) }, words },
    failure,
    identifiers: '',
  };
};
const texts = Array.from({ length: 300 }, (_, at) => seen(`t${at}`, 'anything', anything(), 0.05));
const trouble = anything();
const reports = Array.from({ length: 11 }, (_, at) => seen(`r${at}`, 'trouble', trouble, 0.9));
const reference = { model: 'spec', vectors: texts.flatMap(({ vectors }) => vectors.embedding?.vector ?? []) };
const run = { perSecond: 1, minutes: 10, seed: 1 };

describe('traffic at a rate', () => {
  it('causes no incident where texts have nothing in common', () => {
    const found = tryVolume(texts, [], reference, run);
    expect(found).toMatchObject({ otherIncidents: 0, otherSuspected: 0, openedAfter: null, suppressed: 0 });
    expect(found.tickets).toBeGreaterThan(500);
  });

  it('reports when a burst in the middle of it is found', () => {
    const found = tryVolume(texts, reports, reference, run);
    expect(found.openedAfter).toBeGreaterThanOrEqual(11);
    expect(found.openedAfter).toBeLessThan(20);
    expect(found).toMatchObject({ members: REPORTS, strangers: 0, otherIncidents: 0 });
    expect(found.suppressed).toBe(REPORTS - (found.openedAfter ?? 0) + 1);
  });
});

describe('requests of one person each', () => {
  const requests = personalRequests(1_400, randomFrom(1));

  it('are of at least twelve kinds, equally many of each', () => {
    const kinds = new Set(requests.map(({ about }) => about));
    expect(kinds.size).toBeGreaterThanOrEqual(12);
    for (const kind of kinds) expect(requests.filter(({ about }) => about === kind)).toHaveLength(1_400 / kinds.size);
  });

  it('name what they are about in about half of the cases', () => {
    const parcels = requests.filter(({ about }) => about === 'personal: parcel');
    const numbered = parcels.filter(({ text }) => /\d/.test(text));
    expect(numbered.length).toBeGreaterThan(0.3 * parcels.length);
    expect(numbered.length).toBeLessThan(0.7 * parcels.length);
    expect(new Set(numbered.map(({ text }) => text)).size).toBeGreaterThan(0.9 * numbered.length);
  });
});
