import { activationOf, labelsOf, nliOutputsOf } from './labels';

describe("a classifier's labels", () => {
  it('come in the order of their ids, whatever their names', () => {
    const id2label = JSON.parse('{"1": "__proto__", "0": "constructor"}') as object;
    expect(labelsOf('config.json', { id2label })).toEqual(['constructor', '__proto__']);
  });

  it('keep their order beyond ten', () => {
    const id2label = Object.fromEntries(Array.from({ length: 12 }, (_, id) => [id, `label ${id}`]));
    expect(labelsOf('config.json', { id2label })[10]).toBe('label 10');
  });

  it.each([[undefined], [{}], ['Billing']])('must be there: %p', (id2label) => {
    expect(() => labelsOf('config.json', { id2label })).toThrow(/config\.json has no id2label; expected the labels/);
  });

  it.each([[{ 0: 'a', 2: 'b' }], [{ 0: 'a', 1: 'a' }], [{ 0: 1 }]])(
    'must have no gaps, doubles or numbers: %p',
    (id2label) => {
      expect(() => labelsOf('config.json', { id2label })).toThrow(/expected one label an id/);
    },
  );
});

describe('how outputs become probabilities', () => {
  it('is against each other, or each by itself where the model was trained so', () => {
    const of = (config: object, labels = ['a', 'b']) => activationOf('config.json', { ...config }, labels);
    expect(of({})).toBe('softmax');
    expect(of({ problem_type: 'single_label_classification' })).toBe('softmax');
    expect(of({ problem_type: 'multi_label_classification' })).toBe('sigmoid');
    expect(of({}, ['spam'])).toBe('sigmoid');
    expect(() => of({ problem_type: 'regression' })).toThrow(/expected a classification/);
  });
});

describe('the outputs of an NLI model', () => {
  it.each([
    [['contradiction', 'neutral', 'entailment'], { entailment: 2, contradiction: 0 }],
    [['ENTAILMENT', 'NEUTRAL', 'CONTRADICTION'], { entailment: 0, contradiction: 2 }],
    [['entail', 'no'], { entailment: 0, contradiction: 1 }],
    [['no', 'maybe', 'entail'], { entailment: 2, contradiction: 0 }],
  ])('are found among %p', (labels, outputs) => {
    expect(nliOutputsOf('config.json', labels)).toEqual(outputs);
  });

  it.each([[['Billing', 'Legal']], [['entailment']]])('are not %p', (labels) => {
    expect(() => nliOutputsOf('config.json', labels)).toThrow(/expected those of an NLI model/);
  });
});
