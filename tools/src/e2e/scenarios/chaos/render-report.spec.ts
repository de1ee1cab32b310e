import { readOptions } from './options';
import { makePlan } from './plan';
import { renderReport, renderVerdict } from './render-report';
import type { RunReport } from './run-report';

const options = readOptions(['--tickets=100', '--kills=2']);
const report: RunReport = {
  options,
  machine: '2 x some processor',
  startedAt: '2026-01-01T00:00:00.000Z',
  seconds: 12,
  plan: makePlan(options),
  happened: { 'worker-kill': 2 },
  answers: { counts: { '202': 90, '200': 10, '503': 3 }, longestMs: 1234.5, longestBatchMs: 5000 },
  phases: [{ name: 'Redis away', fromMs: 0, toMs: 1500, counts: { '200': 10 }, longestMs: 20, longestBatchMs: 0 }],
  numbers: { 'tickets sent': 100 },
  left: {},
  findings: [
    { name: 'lost', how: 'by looking', verdict: 'pass', count: 0, examples: [] },
    { name: 'routed twice', how: 'by looking', verdict: 'fail', count: 2, examples: ['a: 2 | 3', 'b'] },
  ],
  isJudged: true,
  passed: false,
};

describe('the report of a run', () => {
  it('says first whether everything holds', () => {
    expect(renderReport(report).split('\n')[0]).toBe('# Chaos: faults, seed 1: NOT everything holds');
    expect(renderReport({ ...report, passed: true })).toMatch(/^# Chaos: faults, seed 1: everything holds\n/);
  });

  it('says first that losses are only counted, where no replica was waited for', () => {
    expect(renderReport({ ...report, isJudged: false, passed: true })).toMatch(
      /^# Chaos: faults, seed 1: losses are counted, not judged\n/,
    );
  });

  it('has a row for every rule, with the first cases against it', () => {
    const text = renderReport(report);
    expect(text).toContain('| ok | lost | 0 | by looking |  |');
    expect(text).toContain('| **FAIL** | routed twice | 2 | by looking | a: 2 \\| 3; b |');
  });

  it('counts the answers for every phase and in all', () => {
    const text = renderReport(report);
    expect(text).toContain('|  | 200 | 202 | 503 | longest, ms | longest batch, ms |');
    expect(text).toContain('| Redis away (0.0 to 1.5 s) | 10 | 0 | 0 | 20 | 0 |');
    expect(text).toContain('| in all | 10 | 90 | 3 | 1235 | 5000 |');
  });

  it('sets what happened against what was planned, and lists the plan', () => {
    const text = renderReport(report);
    expect(text).toContain('| worker-kill | 2 | 2 |');
    expect(text.match(/^- after \d+ tickets: SIGKILL to worker/gm)).toHaveLength(2);
  });

  it('is short on the terminal', () => {
    expect(renderVerdict(report)).toBe('ok   lost: 0\nFAIL routed twice: 2\n       a: 2 | 3\n       b');
  });
});
