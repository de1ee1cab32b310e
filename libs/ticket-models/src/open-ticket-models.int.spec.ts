import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MODEL_DIRECTORY } from '@smart-support/model-minilm';
import { type OpenTicketModels, openTicketModels, prepareTicketModels } from './open-ticket-models';
import type { TicketModelSettings } from './settings';

const FIXTURES = join(__dirname, '../../inference/fixtures');
const DISTILBERT = join(FIXTURES, 'tiny-random-distilbert');
const BART = join(FIXTURES, 'tiny-random-bart-mnli');

const opened: OpenTicketModels[] = [];
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ticket-models-'))));
afterEach(async () => {
  for (const models of opened.splice(0)) await models.close();
  rmSync(folder, { recursive: true });
});

async function open(models: Partial<TicketModelSettings['models']> = {}) {
  const events: string[] = [];
  const result = await openTicketModels(
    {
      models: { fallback: false, threads: 1, deadlineMs: 2000, ...models },
      breaker: { latencyMs: 500, openCount: 3, fastMs: 200, closeCount: 5, probeMs: 1000 },
    },
    {
      onBreakerEvent: ({ type, name }) => void events.push(`${name} ${type}`),
      onThreadEvent: (name, { type }) => void events.push(`${name} ${type}`),
    },
  );
  opened.push(result);
  const { transformer } = result.models;
  if (transformer === null || typeof transformer === 'string') return { ...result, events, transformer: undefined };
  return { ...result, events, transformer };
}

/** MiniLM with one more byte that has no meaning: another file, and so another version. */
function anotherMiniLm(): string {
  const directory = join(folder, 'another');
  cpSync(MODEL_DIRECTORY, directory, { recursive: true });
  // An unknown field at the end of a protocol buffer is skipped by readers.
  appendFileSync(join(directory, 'onnx/model_int8.onnx'), Buffer.from([0xa0, 0x06, 0x01]));
  const manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')) as Record<string, unknown>;
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ ...manifest, files: {} }));
  return directory;
}

describe('the models that answer for tickets', () => {
  it('are by default the bundled embedder and the heads that read its vectors', async () => {
    const { transformer, status } = await open();
    expect(transformer).toMatchObject({ classifier: { reads: 'vector' }, urgency: { reads: 'vector' } });
    expect(status().map(({ name, breaker }) => [name, breaker])).toEqual([['all-MiniLM-L6-v2', 'closed']]);
  });

  it('are none where the operator has switched them off', async () => {
    const { models, status } = await open({ fallback: true });
    expect(models.transformer).toBe('switched_off');
    expect(status()).toEqual([]);
  });

  it('do not include the embedder where no head reads its vectors', async () => {
    const { transformer, status } = await open({ classifierDirectory: DISTILBERT, urgencyDirectory: BART });
    expect(transformer?.embedder).toBeNull();
    expect(transformer).toMatchObject({ classifier: { reads: 'text' }, urgency: { reads: 'text' } });
    expect(status()).toHaveLength(2);
  });

  it('each have a breaker of their own: one that fails does not switch the other off', async () => {
    const { transformer, status, injectFault, events } = await open({ urgencyDirectory: BART });
    injectFault({ error: 'fail' });
    const { urgency } = transformer!;
    if (urgency.reads !== 'text') throw new Error('The own model should read the text');
    for (let n = 0; n < 3; n++) {
      const answer = await urgency.guard.ask(async (options) => urgency.model.score({ text: `down ${n}` }, options));
      expect(answer).toMatchObject({ answered: false, reason: 'failed' });
    }
    expect(status().map(({ name, breaker }) => [name, breaker])).toEqual([
      ['all-MiniLM-L6-v2', 'closed'],
      ['tiny-random-bart-mnli', 'open'],
    ]);
    expect(events).toContain('tiny-random-bart-mnli opened');
  });
});

describe('models that are opened on demand', () => {
  const settings: TicketModelSettings = {
    models: { fallback: false, threads: 1, deadlineMs: 2000 },
    breaker: { latencyMs: 500, openCount: 3, fastMs: 200, closeCount: 5, probeMs: 1000 },
  };
  const prepare = (changes: Partial<TicketModelSettings['models']> = {}) => {
    const observer = { onBreakerEvent: () => undefined, onThreadEvent: () => undefined };
    const prepared = prepareTicketModels({ ...settings, models: { ...settings.models, ...changes } }, observer);
    opened.push(prepared);
    return prepared;
  };

  it('leave the answers to the baseline until then, and are opened once however many want them', async () => {
    const prepared = prepare();
    expect(prepared.models.transformer).toBe('warming');
    expect(prepared.status()).toEqual([]);
    await Promise.all([prepared.open(), prepared.open()]);
    await prepared.open();
    expect(prepared.models.transformer).toMatchObject({ classifier: { reads: 'vector' } });
    expect(prepared.status()).toHaveLength(1);
  });

  it('get from their first run on the fault that was injected before they were opened', async () => {
    const prepared = prepare();
    prepared.injectFault({ error: 'fail' });
    await prepared.open();
    const { transformer } = prepared.models;
    if (transformer === null || typeof transformer === 'string' || !transformer.embedder) throw new Error('not open');
    const { model, guard } = transformer.embedder;
    expect(await guard.ask((options) => model.embed('down', options))).toMatchObject({ answered: false });
  });

  it('can be tried again after an error, and not after the end', async () => {
    const prepared = prepare({ classifierDirectory: join(folder, 'nowhere') });
    await expect(prepared.open()).rejects.toMatchObject({ code: 'invalid_model' });
    expect(prepared.models.transformer).toBe('warming');
    await expect(prepared.open()).rejects.toMatchObject({ code: 'invalid_model' });
    await prepared.close();
    await expect(prepared.open()).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('what does not fit', () => {
  it('an embedding model whose vectors the heads do not know is refused, with what to do', async () => {
    await expect(open({ directory: anotherMiniLm() })).rejects.toMatchObject({
      code: 'invalid_config',
      message: expect.stringContaining('tools:train') as string,
    });
  });

  it('two models of one name are refused: they could not be distinguished', async () => {
    const named = join(folder, 'all-MiniLM-L6-v2');
    cpSync(DISTILBERT, named, { recursive: true });
    await expect(open({ classifierDirectory: named })).rejects.toMatchObject({ code: 'invalid_config' });
  });

  it('one directory that is wrong closes what was opened beside it', async () => {
    await expect(open({ classifierDirectory: join(folder, 'nowhere') })).rejects.toMatchObject({
      code: 'invalid_model',
      message: expect.stringContaining('nowhere') as string,
    });
  });
});
