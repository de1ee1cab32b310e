import { decodeDense } from '../log/encode-vectors';
import type { CommonMatters } from '../log/storm-entry';
import { embedding } from '../spec-support/storm-log';
import { cosine, quantisedVector } from '../vectors/quantised-vector';
import type { ReferenceTicket } from './reference-sample';
import { CommonMattersSurvey } from './common-matters-survey';

let count = 0;
const tickets = (number: number, degrees: number, topic: number, model = 'spec'): ReferenceTicket[] =>
  Array.from({ length: number }, (_, index) => ({
    ...{ ticketId: `T${(count += 1)}`, requester: null, receivedMs: 1, model },
    // Not all the same: each some degrees off.
    vector: quantisedVector(embedding(degrees + (index % 5) - 2, topic).numbers),
  }));

/** What comes of a survey, and in how many steps. */
function surveyed(sample: readonly ReferenceTicket[]): { readonly matters: CommonMatters; readonly steps: number } {
  const survey = new CommonMattersSurvey(sample, 0.9);
  for (let steps = 1; ; steps += 1) {
    const matters = survey.step();
    if (matters) return { matters, steps };
  }
}
const counts = ({ matters }: CommonMatters): number[] => matters.map((matter) => matter.tickets);

describe('a survey of common matters', () => {
  it('finds each matter once, the most frequent first, with its number of tickets', () => {
    const { matters } = surveyed([...tickets(40, 0, 0), ...tickets(100, 0, 1), ...tickets(60, 0, 2)]);
    expect(matters).toMatchObject({ model: 'spec', tickets: 200 });
    expect(counts(matters)).toEqual([100, 60, 40]);
    const [first] = matters.matters;
    expect(cosine(decodeDense(first?.numbers ?? ''), quantisedVector(embedding(0, 1).numbers))).toBeGreaterThan(0.99);
  });

  it('leaves out matters of fewer than one ticket in a hundred', () => {
    const rare = Array.from({ length: 7 }, (_, topic) => tickets(1, 90, topic)).flat();
    expect(counts(surveyed([...tickets(290, 0, 0), ...tickets(3, 0, 1), ...rare]).matters)).toEqual([290, 3]);
    expect(counts(surveyed([...tickets(297, 0, 0), ...tickets(2, 0, 1), ...rare]).matters)).toEqual([297]);
  });

  it('does not list a matter again by another of its tickets', () => {
    // Neighbours of neighbours: a chain of which the ends are not similar, though most of the tickets in between are to both.
    const { matters } = surveyed([...tickets(80, 0, 0), ...tickets(20, 20, 0)]);
    expect(counts(matters)).toEqual([100]);
  });

  it('compares tickets of the most frequent model only', () => {
    const { matters } = surveyed([...tickets(20, 0, 0, 'old'), ...tickets(30, 0, 0, 'new')]);
    expect(matters).toMatchObject({ model: 'new', tickets: 30 });
    expect(counts(matters)).toEqual([30]);
  });

  it('takes steps that compare a few tickets each', () => {
    expect(surveyed(tickets(200, 0, 0)).steps).toBe(8);
    expect(surveyed([])).toEqual({ matters: { model: '', tickets: 0, matters: [] }, steps: 1 });
  });
});
