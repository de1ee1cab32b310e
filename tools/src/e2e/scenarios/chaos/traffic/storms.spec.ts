import { OUTAGES } from './outages';
import { stormOfTicket } from '../../../audit/planted-storm';
import { REPORTS, planStorms } from './storms';

describe('the storms of a run', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(planStorms(5, 1000, 3)).toEqual(planStorms(5, 1000, 3));
    expect(planStorms(5, 1000, 3)).not.toEqual(planStorms(5, 1000, 4));
  });

  it('are spread over the traffic, in order, one after the other', () => {
    const at = planStorms(20, 20_000, 1).map((storm) => storm.at);
    expect(at).toEqual(at.toSorted((a, b) => a - b));
    expect(at[0]).toBeGreaterThanOrEqual(800);
    expect(at.at(-1)).toBeLessThanOrEqual(18_000);
  });

  it('are made of reports in nearly the same words, each of another requester', () => {
    const [storm] = planStorms(1, 1000, 1);
    const { reports, outage } = storm!;
    expect(reports).toHaveLength(REPORTS);
    expect(new Set(reports.map(({ requester }) => requester)).size).toBe(REPORTS);
    expect(new Set(reports.map(({ text }) => text)).size).toBe(REPORTS);
    expect(reports.filter(({ text }) => !text.includes(OUTAGES[outage] ?? 'none'))).toEqual([]);
  });

  it('come back to the first outages when there are no more', () => {
    const outages = planStorms(OUTAGES.length + 2, 1000, 1).map(({ outage }) => outage);
    expect(outages.slice(-2)).toEqual([0, 1]);
  });

  it('end in every way', () => {
    const storms = planStorms(200, 20_000, 1);
    expect(new Set(storms.map(({ ending }) => ending))).toEqual(new Set(['resolve', 'reject', 'leave']));
    expect(storms.filter(({ endedAfterMs }) => endedAfterMs < 1500).length).toBeGreaterThan(60);
  });

  it('are known by the ids of their tickets', () => {
    expect(stormOfTicket('storm-1-7-12')).toBe(7);
    expect(planStorms(3, 1000, 9)[2]?.reports.map(({ id }) => stormOfTicket(id))).toEqual(Array(REPORTS).fill(2));
    expect(stormOfTicket('chaos-1-7')).toBeUndefined();
    expect(stormOfTicket('storm-1')).toBeUndefined();
  });
});
