import { type LabelScores, type RunOptions, SmartSupportError, type TextClassifier } from '@smart-support/contracts';
import { createSequenceClassifier } from './sequence-classifier';

const run = {
  tokens: 7,
  unknown_tokens: 0,
  truncated: false,
  cached: false,
  timings: { queue_ms: 1, tokenise_ms: 2, inference_ms: 3 },
};

/** A model in memory: sure of its first label, by how often the text says "very". */
class VeryClassifier implements TextClassifier {
  readonly name = 'very-bert';
  readonly version = '1a2b3c';
  readonly maxTokens = 512;
  readonly labels: readonly string[];
  readonly closed = new SmartSupportError('closed', 'The model was closed');

  constructor(labels: readonly string[] = ['Billing', 'Technical', 'Legal']) {
    this.labels = labels;
  }

  async classify(text: string, { signal, onStart }: RunOptions = {}): Promise<LabelScores> {
    signal?.throwIfAborted();
    if (text === '') throw this.closed;
    onStart?.();
    const first = text.split('very').length - 1;
    const odds = this.labels.map((_, i) => Math.exp(i === 0 ? first : -i));
    const sum = odds.reduce((total, part) => total + part, 0);
    const scores = Object.fromEntries(this.labels.map((label, i) => [label, (odds[i] ?? 0) / sum]));
    return { ...run, scores };
  }
}

const SURE = 'very very very very broken';

describe('a sequence classifier', () => {
  it('answers with the probabilities of the model and its name', async () => {
    const classifier = createSequenceClassifier(new VeryClassifier());
    const answer = await classifier.classify({ text: SURE });
    expect(classifier.model).toEqual({ family: 'transformer', name: 'very-bert', version: '1a2b3c' });
    expect(answer).toMatchObject({ category: 'Billing', needs_review: false, model: classifier.model });
    expect(answer.confidence).toBe(answer.scores.Billing);
    expect(answer.scores.Billing + answer.scores.Technical + answer.scores.Legal).toBeCloseTo(1, 12);
  });

  it('reports how the run went', async () => {
    expect((await createSequenceClassifier(new VeryClassifier()).classify({ text: SURE })).run).toEqual(run);
  });

  it.each([[['legal', 'BILLING', 'Technical']], [['LEGAL', 'technical', 'billing']]])(
    'takes the labels in any order and letter case: %j',
    async (labels) => {
      const { category } = await createSequenceClassifier(new VeryClassifier(labels)).classify({ text: SURE });
      expect(category).toBe('Legal');
    },
  );

  it.each([
    [['Billing', 'Technical']],
    [['Billing', 'Technical', 'Legal', 'Other']],
    [['Billing', 'billing', 'Legal']],
    [['LABEL_0', 'LABEL_1', 'LABEL_2']],
    [['__proto__', 'constructor', 'Legal']],
    [[]],
  ])('refuses a model with the labels %j, saying what was found and what is expected', (labels) => {
    const create = () => createSequenceClassifier(new VeryClassifier(labels));
    expect(create).toThrow(expect.objectContaining({ code: 'invalid_model' }));
    expect(create).toThrow(JSON.stringify(labels));
    expect(create).toThrow('["Billing","Technical","Legal"]');
  });

  it('asks for a review below the threshold, 0.8 by default', async () => {
    // Odds of e^2 : e^-1 : e^-2 give the first 0.935, of e : e^-1 : e^-2 0.844, of 1 : e^-1 : e^-2 0.665.
    const needsReview = async (text: string, options?: { reviewThreshold: number }) =>
      (await createSequenceClassifier(new VeryClassifier(), options).classify({ text })).needs_review;
    expect(await needsReview('broken')).toBe(true);
    expect(await needsReview('very broken')).toBe(false);
    expect(await needsReview('very broken', { reviewThreshold: 0.9 })).toBe(true);
    expect(await needsReview('very very broken', { reviewThreshold: 0.9 })).toBe(false);
    expect(await needsReview('broken', { reviewThreshold: 0 })).toBe(false);
  });

  it.each([-0.1, 1.1, NaN])('refuses %p as a threshold', (reviewThreshold) => {
    expect(() => createSequenceClassifier(new VeryClassifier(), { reviewThreshold })).toThrow(
      expect.objectContaining({ code: 'invalid_input' }),
    );
  });

  it('hands the options of a run on', async () => {
    const classifier = createSequenceClassifier(new VeryClassifier());
    const onStart = jest.fn();
    await classifier.classify({ text: SURE }, { onStart });
    expect(onStart).toHaveBeenCalledTimes(1);
    const reason = new Error('too late');
    await expect(classifier.classify({ text: SURE }, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('fails like the model behind it', async () => {
    const model = new VeryClassifier();
    await expect(createSequenceClassifier(model).classify({ text: '' })).rejects.toBe(model.closed);
  });

  it('takes no answer that is not a number for every category', async () => {
    class Broken extends VeryClassifier {
      override async classify(): Promise<LabelScores> {
        return { ...run, scores: { Billing: NaN, Technical: 0.5 } };
      }
    }
    await expect(createSequenceClassifier(new Broken()).classify({ text: SURE })).rejects.toMatchObject({
      code: 'model_failed',
    });
  });

  it('has no reasons to give', async () => {
    expect(await createSequenceClassifier(new VeryClassifier()).explain({ text: SURE })).toEqual({
      terms: [],
      meaning: null,
    });
  });
});
