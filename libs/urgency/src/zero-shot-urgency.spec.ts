import type { LabelScores, RunOptions, ZeroShotClassifier, ZeroShotQuestion } from '@smart-support/contracts';
import { SmartSupportError } from '@smart-support/contracts';
import { createZeroShotUrgency } from './zero-shot-urgency';

const RUN = {
  tokens: 9,
  unknown_tokens: 0,
  truncated: false,
  cached: false,
  timings: { queue_ms: 1, tokenise_ms: 2, inference_ms: 3 },
};

/** A model of a few words: sure in the measure of the alarming words of a text, for the label that is not negated. */
class TinyZeroShot implements ZeroShotClassifier {
  readonly name = 'tiny-nli';
  readonly version = 'abc123';
  readonly maxTokens = 64;
  readonly asked: ZeroShotQuestion[] = [];

  async classify(text: string, question: ZeroShotQuestion, options: RunOptions = {}): Promise<LabelScores> {
    options.signal?.throwIfAborted();
    if (text === 'full') throw new SmartSupportError('overloaded', 'The queue is full');
    options.onStart?.();
    this.asked.push(question);
    const alarming = (text.match(/fire|now|lost/g) ?? []).length;
    const sure = alarming / (alarming + 1);
    const share = (label: string): number => (label.startsWith('not ') ? 1 - sure : sure);
    return { scores: Object.fromEntries(question.labels.map((label) => [label, share(label)])), ...RUN };
  }
}

describe("urgency by a user's zero-shot model", () => {
  it('is the probability of "urgent" against "not urgent", and reports how the run went', async () => {
    const tiny = new TinyZeroShot();
    const urgency = createZeroShotUrgency(tiny);
    const model = { family: 'transformer', name: 'tiny-nli', version: 'abc123' };
    expect(urgency.model).toEqual(model);
    expect(await urgency.score({ text: 'fire, now' })).toEqual({ urgency_score: 2 / 3, hits: [], model, run: RUN });
    expect((await urgency.score({ text: 'a question' })).urgency_score).toBe(0);
    expect(tiny.asked[0]).toEqual({
      labels: ['urgent', 'not urgent'],
      hypothesis: 'This ticket is {}.',
      multiLabel: false,
    });
  });

  it("asks in the user's own words", async () => {
    const tiny = new TinyZeroShot();
    await createZeroShotUrgency(tiny, { hypothesis: 'The matter is {}.' }).score({ text: 'fire' });
    expect(tiny.asked[0]?.hypothesis).toBe('The matter is {}.');
  });

  it('can be given up while it waits, and says when it starts', async () => {
    const urgency = createZeroShotUrgency(new TinyZeroShot());
    const given = new AbortController();
    given.abort(new Error('too late'));
    await expect(urgency.score({ text: 'fire' }, { signal: given.signal })).rejects.toThrow('too late');
    let started = 0;
    await urgency.score({ text: 'fire' }, { onStart: () => (started += 1) });
    expect(started).toBe(1);
  });

  it('fails as the model does', async () => {
    const failing = createZeroShotUrgency(new TinyZeroShot()).score({ text: 'full' });
    await expect(failing).rejects.toMatchObject({ code: 'overloaded' });
  });
});
