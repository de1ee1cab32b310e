import { anEmptyRecording } from '../spec-support/recordings';
import { arrivalsPerSecond, countOverTime, percentile, percentilesOverTime, segmentsOf } from './series';

describe('series', () => {
  it('of arrivals count a ticket when it was accepted', () => {
    const post = { atMs: 1500, scenario: 'angry', waitedMs: 3, status: 202 } as const;
    const posts = [post, { ...post, status: 503 }, { ...post, scenario: 'office', atMs: -5 } as const];
    expect(arrivalsPerSecond({ ...anEmptyRecording(), lengthMs: 2000, posts })).toEqual([
      [1, 0],
      [0, 0],
      [0, 1],
    ]);
  });

  it('of percentiles leave out what did not happen', () => {
    const values = [1, 2, 3, 4].map((tookMs) => ({ atMs: 4100, tookMs }));
    expect(percentilesOverTime(values, 2000)).toEqual([
      [{ atMs: 5000, value: 2 }],
      [{ atMs: 5000, value: 4 }],
      [{ atMs: 5000, value: 4 }],
    ]);
    expect(percentilesOverTime([], 2000)).toEqual([[], [], []]);
    expect(percentile([7], 50)).toBe(7);
  });

  it('of counts follow the changes of statuses', () => {
    const changes = ['suppressed', 'completed'].map((status, index) => ({ atMs: index, ticketId: 'a-1', status }));
    expect(countOverTime({ changes }, 'suppressed')).toEqual([
      { atMs: 0, value: 0 },
      { atMs: 0, value: 1 },
      { atMs: 1, value: 0 },
    ]);
  });

  it('of states are stretches that end where the next begins, the last with the day', () => {
    const samples = ['a', 'a', 'b'].map((state, index) => ({ atMs: 10 + 10 * index, state }));
    expect(segmentsOf(samples, 100, ({ state }) => state)).toEqual([
      { fromMs: 0, toMs: 30, state: 'a' },
      { fromMs: 30, toMs: 100, state: 'b' },
    ]);
    expect(segmentsOf(samples.slice(0, 0), 100, ({ state }) => state)).toEqual([]);
  });
});
