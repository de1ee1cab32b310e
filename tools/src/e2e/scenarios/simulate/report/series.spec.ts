import { aSample, anEmptyRecording } from '../spec-support/recordings';
import { arrivalsPerSecond, quantileOverTime, segmentsOf } from './series';

describe('series', () => {
  it('of arrivals count a ticket when it was accepted', () => {
    const post = { atMs: 1500, scenario: 'angry', waitedMs: 3, status: 202 } as const;
    const posts = [post, { ...post, status: 503 }, { ...post, scenario: 'office', atMs: -5 } as const];
    const recording = { ...anEmptyRecording(), lengthMs: 2000, posts };
    expect(arrivalsPerSecond(recording, ['office', 'kill'])).toEqual([1, 0]);
    expect(arrivalsPerSecond(recording, ['verbatim'])).toEqual([0, 0]);
    expect(arrivalsPerSecond(recording, ['angry'])).toEqual([0, 1]);
  });

  it('of quantiles leave out windows without a value', () => {
    const times = [1, 2, 3, 4, 5].map((tookMs) => ({ atMs: 4100, tookMs }));
    expect(quantileOverTime(times, 2000, 0.5)).toEqual([{ atMs: 5000, value: 3 }]);
    expect(quantileOverTime([...times, { atMs: 0, tookMs: 9 }], 2000, 1)).toEqual([
      { atMs: 1000, value: 9 },
      { atMs: 5000, value: 5 },
    ]);
    expect(quantileOverTime([], 2000, 0.5)).toEqual([]);
  });

  it('of states are stretches that end where the next begins, the last with the day', () => {
    const samples = [1, 1, 2].map((workers, index) => aSample({ atMs: 10 + 10 * index, workers }));
    expect(segmentsOf(samples, 100, ({ workers }) => String(workers))).toEqual([
      { fromMs: 0, toMs: 30, state: '1' },
      { fromMs: 30, toMs: 100, state: '2' },
    ]);
    expect(segmentsOf([], 100, ({ mode }) => mode)).toEqual([]);
  });
});
