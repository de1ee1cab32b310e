import { type JestSummary, type TaskOutcome, countResults, failureLines, totalsLine } from './count-results';

const task = (target: string, succeeded = true, project = 'broker'): TaskOutcome => ({ project, target, succeeded });
const summaries = (numbers: Partial<JestSummary>, project = 'broker') =>
  new Map([[project, { passed: 0, failed: 0, brokenFiles: 0, failures: [], ...numbers }]]);

describe('the totals of npm test', () => {
  it('add the tests of every project to one for each other task', () => {
    const tasks = [task('lint'), task('test'), task('test', true, 'config'), task('typecheck', true, 'config')];
    const numbers = new Map([...summaries({ passed: 40 }), ...summaries({ passed: 2 }, 'config')]);
    expect(countResults(tasks, numbers, 0)).toEqual({ passed: 44, failed: 0 });
  });

  it('count failed tests one by one', () => {
    expect(countResults([task('test', false)], summaries({ passed: 5, failed: 3 }), 1)).toEqual({
      passed: 5,
      failed: 3,
    });
  });

  it('count a test file that could not run', () => {
    expect(countResults([task('test', false)], summaries({ passed: 5, brokenFiles: 1 }), 1)).toEqual({
      passed: 5,
      failed: 1,
    });
  });

  it('count a test task that failed although its tests passed', () => {
    expect(countResults([task('test', false)], summaries({ passed: 5 }), 1)).toEqual({ passed: 5, failed: 1 });
  });

  it('count a test task that wrote no totals, even when it reports success', () => {
    expect(countResults([task('test')], new Map(), 0)).toEqual({ passed: 0, failed: 1 });
  });

  it('count other tasks that failed', () => {
    expect(countResults([task('lint', false), task('build')], new Map(), 1)).toEqual({ passed: 1, failed: 1 });
  });

  it('count a run that failed without any failed task', () => {
    expect(countResults([], new Map(), 1)).toEqual({ passed: 0, failed: 1 });
    expect(countResults([task('lint')], new Map(), 130)).toEqual({ passed: 1, failed: 1 });
  });

  it('count a run that reports success without any task', () => {
    expect(countResults([], new Map(), 0)).toEqual({ passed: 0, failed: 1 });
  });

  it('ignore totals of projects that did not run', () => {
    expect(countResults([task('lint')], summaries({ passed: 9, failed: 9 }), 0)).toEqual({ passed: 1, failed: 0 });
  });

  it('fit on one line', () => {
    expect(totalsLine({ passed: 12, failed: 3 })).toBe('12 passed, 3 failed');
  });

  it('follow the failures: each test and each other task by its name', () => {
    const failures = ['src/queue.int.spec.ts: a ticket survives\nexpected 1, received 0'];
    const tasks = [task('lint', false), task('test', false), task('typecheck'), task('test', false, 'config')];
    expect(failureLines(tasks, summaries({ failed: 1, failures }))).toEqual([
      'FAILED broker:lint',
      `FAILED broker: ${failures[0]}`,
      'FAILED config:test',
    ]);
  });
});
