import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExplanationReport, HealthReport } from '@smart-support/contracts';
import { type RunningGateway, startGateway } from './spec-support/running-gateway';

const FIXTURES = join(__dirname, '../../../libs/inference/fixtures');
const DISTILBERT = join(FIXTURES, 'tiny-random-distilbert');
const BART = join(FIXTURES, 'tiny-random-bart-mnli');

let gateway: RunningGateway | undefined;
const start = async (env: Record<string, string>): Promise<RunningGateway> => (gateway = await startGateway(env));
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});

const health = async (running: RunningGateway) => (await running.call<HealthReport>('GET', '/health')).body;
const explained = async (running: RunningGateway, id: string) =>
  (await running.call<ExplanationReport>('GET', `/tickets/${id}/explain`)).body;
const metric = async (running: RunningGateway, line: string) =>
  (await running.call<string>('GET', '/metrics')).body.includes(`\n${line}\n`);

describe('the bundled model behind the gateway', () => {
  it('is asked once for a text: the second ticket with the same words shares the first answer', async () => {
    const running = await start({});
    const text = 'The mobile app closes by itself whenever I open a photo.';
    const first = (await running.call('POST', '/ticket', { text })).body;
    const second = (await running.call('POST', '/ticket', { text })).body;
    expect(second).toMatchObject({ category: first.category, urgency_score: first.urgency_score });
    expect((await explained(running, second.id)).models).toMatchObject([{ run: { cached: true } }]);
    expect(await metric(running, 'smart_support_model_answers_total{model="all-MiniLM-L6-v2",how="run"} 1')).toBe(true);
  });

  it('reads the first 256 tokens of a text of 60,000 characters and says so', async () => {
    const running = await start({});
    const { status, body } = await running.call('POST', '/ticket', { text: 'my invoice is wrong '.repeat(3000) });
    expect(status).toBe(200);
    expect(await explained(running, body.id)).toMatchObject({ truncated: true, models: [{ run: { tokens: 256 } }] });
  });

  it.each([
    ['emoji only', '🔥🔥🔥'],
    ['nothing that is left after cleaning', '\u200b\u200d\u2060'],
    ['combining marks', `a${'\u0301'.repeat(2000)}`],
  ])('answers a text of %s', async (_what, text) => {
    const running = await start({});
    const { status, body } = await running.call('POST', '/ticket', { text });
    expect(status).toBe(200);
    expect(body.urgency_score).toBeGreaterThanOrEqual(0);
    expect(body.urgency_score).toBeLessThanOrEqual(1);
  });

  it('MODEL_FALLBACK=1 loads no model: the baseline answers and says so', async () => {
    const running = await start({ MODEL_FALLBACK: '1' });
    const { body } = await running.call('POST', '/ticket', { text: 'please refund my second payment' });
    expect(body).toMatchObject({ model: 'baseline', degraded: true, category: 'Billing' });
    expect((await explained(running, body.id)).breaker).toEqual({ state: 'closed', reason: 'model_fallback' });
    expect(await health(running)).toMatchObject({ model_fallback: true, circuit_breaker: 'closed' });
    expect(running.engine.models.status()).toEqual([]);
  });
});

describe('the threads of the models that a gateway opened', () => {
  const readyThreads = (running: RunningGateway) =>
    running.engine.models.status().map(({ name, stats }) => [name, stats.threads.ready]);

  it('end with the gateway', async () => {
    const running = await start({});
    expect(readyThreads(running)).toEqual([['all-MiniLM-L6-v2', 1]]);
    await running.stop();
    gateway = undefined;
    expect(readyThreads(running)).toEqual([['all-MiniLM-L6-v2', 0]]);
  });
});

describe("models of the user's own", () => {
  const reference = async <Reference>(directory: string) =>
    JSON.parse(await readFile(join(directory, 'reference.json'), 'utf8')) as Reference;

  it('answer in place of the heads, exactly as their references say', async () => {
    const running = await start({ CLASSIFIER_MODEL_DIR: DISTILBERT, URGENCY_MODEL_DIR: BART });
    const { cases } = await reference<{ cases: { text: string; scores: Record<string, number> }[] }>(DISTILBERT);
    const urgent = await reference<{ cases: { text: string; single_label: Record<string, number> }[] }>(BART);
    expect(running.engine.models.status().map(({ name }) => name)).toHaveLength(2);
    let compared = 0;
    for (const { text, scores } of cases) {
      const same = urgent.cases.find((candidate) => candidate.text === text);
      // Markup is taken out before a model reads a text.
      if (!same || text.trim() === '' || text.startsWith('<script>')) continue;
      const { body } = await running.call('POST', '/ticket', { text });
      expect(body).toMatchObject({ model: 'transformer', degraded: false });
      expect(body.confidence).toBeCloseTo(Math.max(...Object.values(scores)), 4);
      expect(body.urgency_score).toBeCloseTo(same.single_label['urgent'] ?? NaN, 4);
      compared++;
    }
    expect(compared).toBeGreaterThan(3);
  });

  it('one of them alone leaves the other question to the head', async () => {
    const running = await start({ URGENCY_MODEL_DIR: BART });
    const { body } = await running.call('POST', '/ticket', { text: 'please refund my second payment' });
    expect(body).toMatchObject({ category: 'Billing', degraded: false });
    expect((await explained(running, body.id)).models.map(({ fallback }) => fallback)).toEqual([null, null]);
  });

  it.each([
    ['a directory that is not there', join(FIXTURES, 'nowhere'), /nowhere/],
    ['an NLI model where a classifier is expected', BART, /contradiction|Billing/],
  ])('%s stops the start with one sentence', async (_what, directory, sentence) => {
    await expect(startGateway({ CLASSIFIER_MODEL_DIR: directory })).rejects.toMatchObject({
      code: 'invalid_model',
      message: expect.stringMatching(sentence) as string,
    });
  });

  it('an embedding model that the heads were not trained for is refused', async () => {
    await expect(startGateway({ MODEL_DIR: DISTILBERT })).rejects.toMatchObject({ code: 'invalid_model' });
  });
});

describe('a failing model, by fault injection in the running gateway', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'faults-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each(['fail', 'crash'] as const)(
    'callers see only the degraded flag while every run ends in a %s, and the breaker closes by itself',
    async (error) => {
      const file = join(folder, 'faults.json');
      await writeFile(file, JSON.stringify({ inference: { error } }));
      const running = await start({
        ALLOW_FAULT_INJECTION: '1',
        FAULT_INJECTION_FILE: file,
        CIRCUIT_BREAKER_PROBE_MS: '1',
        CIRCUIT_BREAKER_CLOSE_COUNT: '1',
      });
      expect((await health(running)).fault_injection).toBe(true);
      await eventually(async () => running.log.some((line) => line.includes('faults are injected')));

      let sent = 0;
      const send = () => running.call('POST', '/ticket', { text: `refund payment ${sent++}, please` });
      await eventually(async () => {
        const { status, body } = await send();
        expect(status).toBe(200);
        expect(body).toMatchObject({ model: 'baseline', degraded: true });
        return (await health(running)).circuit_breaker === 'open';
      });
      expect(await health(running)).toMatchObject({ circuit_breaker: 'open', model_fallback: true });
      expect(await metric(running, 'smart_support_breaker_open{model="all-MiniLM-L6-v2"} 1')).toBe(true);

      await rm(file);
      await eventually(async () => !(await send()).body.degraded);
      expect(await health(running)).toMatchObject({ circuit_breaker: 'closed', model_fallback: false });
    },
  );

  it('without ALLOW_FAULT_INJECTION the file is not honoured', async () => {
    const file = join(folder, 'faults.json');
    await writeFile(file, JSON.stringify({ inference: { error: 'fail' } }));
    const running = await start({ FAULT_INJECTION_FILE: file });
    expect((await running.call('POST', '/ticket', { text: 'refund, please' })).body.degraded).toBe(false);
    expect((await health(running)).fault_injection).toBe(false);
  });
});

/** Asks again and again until it is so; the test's own time limit is the end of the patience. */
async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}
