import type { ExplanationReport, Ticket } from '@smart-support/contracts';
import type { ActRecord } from './phases';
import { BreakerLog } from './breaker-log';
import { judge, passed, renderVerdict } from './verdict';

const ticket = (id: string, degraded = false) => ({ id, degraded }) as Ticket;
const BEGAN = 1_000_000;
const turn = (to: 'opened' | 'closed', at: number) => ({ at: BEGAN + at, to, model: 'minilm' });

const record = (changes: Partial<ActRecord> = {}): ActRecord => ({
  name: 'an act',
  beganAt: BEGAN,
  slowedAt: BEGAN,
  healedAt: BEGAN + 5000,
  turns: [turn('opened', 1200), turn('closed', 9000)],
  visits: [
    { sentAt: BEGAN + 100, waitedMs: 720, status: 200, ticket: ticket('ran') },
    { sentAt: BEGAN + 2000, waitedMs: 3, status: 200, ticket: ticket('degraded', true) },
  ],
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
    ['somebody got no answer', { visits: [{ sentAt: BEGAN, waitedMs: 1, status: 503, ticket: undefined }] }],
    ['somebody waited long for the baseline', { visits: [{ ...record().visits[1]!, waitedMs: 600 }] }],
    [
      'a run that began after the opening made somebody wait',
      { visits: [{ ...record().visits[0]!, sentAt: BEGAN + 3000 }] },
    ],
    ['the breaker never closed', { turns: [turn('opened', 1200)] }],
    ['the breaker never opened', { turns: [] }],
  ])('condemns an act in which %s', async (_what, changes) => {
    expect(passed(await judge(record(changes), explain))).toBe(false);
  });
});

describe("a gateway's log", () => {
  const line = (to: string) =>
    JSON.stringify({ time: '2030-01-01T00:00:01.500Z', model: 'minilm', msg: `breaker ${to}: and so on` });

  it('tells when a breaker turned, to those who wait and those who come later', async () => {
    const log = new BreakerLog();
    const next = log.next('opened', 1000);
    for (const each of ['not JSON', line('closed'), '{"msg":"listening"}', line('opened')]) log.read(each);
    expect(await next).toEqual({ at: Date.UTC(2030, 0, 1, 0, 0, 1, 500), to: 'opened', model: 'minilm' });
    expect(log.turns.map(({ to }) => to)).toEqual(['closed', 'opened']);
  });
});
