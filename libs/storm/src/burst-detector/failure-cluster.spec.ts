import { quantise } from '../vectors/quantised-vector';
import { ReferenceVectors } from './reference-vectors';
import { type PossibleReport, failureCluster, possibleReports } from './failure-cluster';

const LENGTH = 40;
let axis = 0;
/** Something of its own, and a share of something common. */
function ticket(share: number, failure = 0.9, common = 0): PossibleReport {
  const numbers = new Float64Array(LENGTH);
  numbers[common] = share;
  numbers[2 + ((axis += 1) % (LENGTH - 2))] = Math.sqrt(1 - share * share);
  return { vector: quantise(numbers), failure };
}
const several = (number: number, share: number, failure = 0.9, common = 0): PossibleReport[] =>
  Array.from({ length: number }, () => ticket(share, failure, common));
const plain = new ReferenceVectors([]);
const clusterOf = (
  newcomer: PossibleReport,
  tickets: readonly PossibleReport[],
  background: ReferenceVectors,
  similarity: number,
) => failureCluster(newcomer, possibleReports(tickets), background, similarity);

describe('reports of one failure', () => {
  beforeEach(() => {
    axis = 0;
  });

  it('are found although they differ from each other, and other reports are left out', () => {
    const reports = several(12, 0.6);
    const others = several(12, 0);
    const newcomer = ticket(0.6);
    const cluster = clusterOf(newcomer, [...others, ...reports], plain, 0.25);
    expect(new Set(cluster?.tickets)).toEqual(new Set([...reports, newcomer]));
    expect(cluster?.tightness).toBeCloseTo(0.36, 1);
    expect(cluster?.failure).toBeCloseTo(0.9, 6);
  });

  it('are found from any of them, and not from a certain request', () => {
    expect(clusterOf(ticket(0.6, 0.09), several(12, 0.6), plain, 0.25)).toBeNull();
    expect(clusterOf(ticket(0.6, 0.1), several(12, 0.6), plain, 0.25)).not.toBeNull();
  });

  it('have no certain requests as members', () => {
    const requests = several(6, 0.6, 0.05);
    const cluster = clusterOf(ticket(0.6), [...requests, ...several(6, 0.6)], plain, 0.25);
    expect(cluster?.tickets).toHaveLength(7);
    expect(cluster?.tickets.filter((one) => requests.includes(one))).toEqual([]);
  });

  it('do not include a newcomer that reports something else', () => {
    expect(clusterOf(ticket(0.6, 0.9, 1), several(12, 0.6), plain, 0.25)).toBeNull();
    expect(clusterOf(ticket(0.6), [], plain, 0.25)).toBeNull();
  });

  it('include further reports of it, and nothing else', () => {
    const cluster = clusterOf(ticket(0.6), several(12, 0.6), plain, 0.25);
    const takes = [ticket(0.6), ticket(0.6, 0.05), ticket(0), ticket(0.6, 0.9, 1)].map((one) => cluster?.includes(one));
    expect(takes).toEqual([true, false, false, false]);
  });

  it('have nothing in common but what all tickets of the service have in common', () => {
    const vectors = new ReferenceVectors(several(200, 0.6).map(({ vector }) => vector));
    expect(clusterOf(ticket(0.6), several(12, 0.6), plain, 0.25)?.tickets.length).toBe(13);
    expect(clusterOf(ticket(0.6), several(12, 0.6), vectors, 0.25)?.tickets.length ?? 0).toBeLessThan(6);
  });

  it('are searched among the latest two hundred', () => {
    const reports = several(300, 0.6);
    const cluster = clusterOf(ticket(0.6), reports, plain, 0.25);
    expect(cluster?.tickets).toHaveLength(201);
    expect(cluster?.tickets).toContain(reports.at(-1));
    expect(cluster?.tickets).not.toContain(reports[0]);
  });
});
