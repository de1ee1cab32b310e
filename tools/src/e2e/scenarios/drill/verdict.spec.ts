import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExplanationReport, Ticket } from '@smart-support/contracts';
import type { HttpAnswer } from '../../harness/http-client';
import { BreakerLog } from './breaker-log';
import type { PhaseRecord } from './phases';
import { judge, passed, renderVerdict } from './verdict';

const ticket = (id: string, degraded = false) => ({ id, degraded }) as Ticket;
const BEGAN = 1_000_000;
const change = (to: 'opened' | 'closed', at: number) => ({ at: BEGAN + at, to, model: 'minilm' });

const answer = (sentMs: number, waitedMs: number, body?: Ticket): HttpAnswer => ({
  ...{ sentAt: BEGAN + sentMs, waitedMs, status: body ? 200 : 503, body },
  ...{ retryAfterMs: undefined, trouble: undefined },
});

const record = (changes: Partial<PhaseRecord> = {}): PhaseRecord => ({
  name: 'a phase',
  beganAt: BEGAN,
  slowedAt: BEGAN,
  healedAt: BEGAN + 5000,
  changes: [change('opened', 1200), change('closed', 9000)],
  answers: [answer(100, 720, ticket('ran')), answer(2000, 3, ticket('degraded', true))],
  ...changes,
});

/** Every ticket but `degraded` was run by the model after 10 ms in the queue. */
const explain = ({ id }: Ticket): Promise<ExplanationReport> => {
  const run = id === 'degraded' ? null : { timings: { queue_ms: 10, tokenise_ms: 0, inference_ms: 700 } };
  return Promise.resolve({ models: [{ run }] } as unknown as ExplanationReport);
};

describe('the verdict on a drill', () => {
  it('excuses a long wait in a run that was under way when the breaker opened', async () => {
    const verdict = await judge(record(), explain);
    expect(verdict).toMatchObject({ tickets: 2, failed: 0, byModel: 1, byBaseline: 1 });
    expect(verdict.longWaits).toEqual([{ waitedMs: 720, runBeganAt: BEGAN + 110, excused: true }]);
    expect(passed(verdict)).toBe(true);
    expect(renderVerdict(verdict)).toContain('1.200 s  breaker of minilm opened');
  });

  it.each([
    ['a ticket got no answer', { answers: [answer(0, 1)] }],
    ['a ticket waited long for the baseline', { answers: [answer(2000, 600, ticket('degraded', true))] }],
    ['a run that began after the opening made a ticket wait', { answers: [answer(3000, 720, ticket('ran'))] }],
    ['the breaker never closed', { changes: [change('opened', 1200)] }],
    ['the breaker never opened', { changes: [] }],
  ])('fails a phase in which %s', async (_what, changes) => {
    expect(passed(await judge(record(changes), explain))).toBe(false);
  });
});

describe("a gateway's log", () => {
  const line = (to: string) =>
    JSON.stringify({ time: '2030-01-01T00:00:01.500Z', model: 'minilm', msg: `breaker ${to}: and so on` });

  it('shows the changes of breakers, those before a wait and the one that was waited for', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'breaker-log-spec-'));
    const file = join(directory, 'gateway.log');
    writeFileSync(file, ['not JSON', line('closed'), '{"msg":"listening"}', ''].join('\n'));
    const log = new BreakerLog(file);
    expect((await log.changes()).map(({ to }) => to)).toEqual(['closed']);
    const opened = log.waitFor('opened');
    appendFileSync(file, `${line('opened')}\n`);
    await opened;
    expect((await log.changes()).at(-1)).toEqual({
      at: Date.UTC(2030, 0, 1, 0, 0, 1, 500),
      to: 'opened',
      model: 'minilm',
    });
    await log.close();
    rmSync(directory, { recursive: true });
  });
});
