import fc from 'fast-check';
import { readWording } from './wording';
import { WordingVocabulary } from './wording-vocabulary';

function featuresOf(text: string): number[] {
  const features: number[] = [];
  readWording(text, (feature) => features.push(feature));
  return features;
}

const vocabularyOf = (...texts: string[]): WordingVocabulary => {
  const features = [...new Set(texts.flatMap(featuresOf))];
  return new WordingVocabulary(
    features,
    features.map(() => 1),
    texts.length,
  );
};

describe('the wording of a ticket', () => {
  it('is the same whatever the case, the spacing, the quotes and the ending of long words', () => {
    expect(featuresOf('They CHARGED  me,\ncan’t pay')).toEqual(featuresOf("they charges me can't pay"));
  });

  it('keeps the small words and their neighbours apart', () => {
    expect(featuresOf('not yet')).not.toEqual(featuresOf('yet not'));
    expect(featuresOf('no rush')).not.toEqual(featuresOf('a rush'));
  });

  it('takes every digit for the same', () => {
    expect(featuresOf('by 17:45')).toEqual(featuresOf('by 09:00'));
    expect(featuresOf('by 17:45')).not.toEqual(featuresOf('by 9:00'));
  });

  it('counts a run of marks once', () => {
    expect(featuresOf('help!!! ! !')).toEqual(featuresOf('help!'));
    expect(featuresOf('help?!?')).not.toEqual(featuresOf('help!'));
  });

  it('looks at every word, every pair, and once more at the first and the last quarter', () => {
    const counts = new Map<number, number>();
    for (const feature of featuresOf('wait '.repeat(40))) counts.set(feature, (counts.get(feature) ?? 0) + 1);
    expect([...counts.values()].sort((a, b) => a - b)).toEqual([10, 10, 39, 40]);
  });

  it('separates what a long ticket opens with from what it closes with', () => {
    const filler = 'wait '.repeat(40);
    expect(new Set(featuresOf(`urgent ${filler}`))).not.toEqual(new Set(featuresOf(`${filler} urgent`)));
  });

  it('has nothing to say of a text without Latin letters, digits and marks', () => {
    for (const text of ['', '   ', 'Сервер', '🔥', '\ud800', '...']) expect(featuresOf(text)).toEqual([]);
  });

  it('is read from any text, never as 0, and at most four features a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const features = featuresOf(text);
        expect(features).not.toContain(0);
        expect(features.every((feature) => feature === (feature | 0))).toBe(true);
        expect(features.length).toBeLessThanOrEqual(4 * text.normalize('NFKC').length + 4);
      }),
    );
  });
});

describe('the vector of a wording', () => {
  const vocabulary = vocabularyOf('please close the ticket', 'we lost everything today');

  it('has the length 1, or no entry when nothing is known', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('please', 'close', 'lost', 'today', 'zarblex', 'we')), (words) => {
        const { positions, values } = vocabulary.vectorOf(words.join(' '));
        expect(values).toHaveLength(positions.length);
        const squares = values.reduce((sum, value) => sum + value * value, 0);
        if (positions.length > 0) expect(squares).toBeCloseTo(1, 10);
      }),
    );
    expect(vocabulary.vectorOf('zarblex').positions).toEqual([]);
  });

  it('counts a second mention less than the first', () => {
    const [word = 0] = featuresOf('refund');
    const [other = 0] = featuresOf('invoice');
    const two = new WordingVocabulary([word, other], [1, 1], 9);
    const { values } = two.vectorOf('refund refund invoice');
    expect((values[0] ?? 0) / (values[1] ?? 0)).toBeCloseTo(1 + Math.log(2), 10);
  });

  it('refuses a vocabulary that does not hold together', () => {
    for (const [features, frequencies] of [
      [
        [5, 5],
        [1, 1],
      ],
      [[5, 6], [1]],
    ] as const) {
      expect(() => new WordingVocabulary(features, frequencies, 9)).toThrow(
        expect.objectContaining({ code: 'invalid_model' }),
      );
    }
  });
});
