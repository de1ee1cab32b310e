import { describeResult } from './command';
import { readRequest } from './request';
import { findSetting } from './which-setting';

const labelled = (...labels: string[]) => ({
  architectures: ['XForSequenceClassification'],
  id2label: Object.fromEntries(labels.entries()),
});

describe('the setting that takes a model', () => {
  it.each([
    ['an encoder', { architectures: ['BertModel'] }, false, 'MODEL_DIR'],
    ['a sentence embedder with a pooling recipe', { architectures: ['MPNetForMaskedLM'] }, true, 'MODEL_DIR'],
    ['a language model', { architectures: ['MPNetForMaskedLM'] }, false, undefined],
    ['a classifier', labelled('Billing', 'Technical', 'Legal'), false, 'CLASSIFIER_MODEL_DIR'],
    ['a model of natural language inference', labelled('Contradiction', 'ENTAILMENT'), false, 'URGENCY_MODEL_DIR'],
    ['a configuration without an architecture', {}, false, undefined],
    ['something else', 'text', false, undefined],
  ])('for %s', (_what, config, hasPooling, setting) => {
    expect(findSetting(config, hasPooling).setting).toBe(setting);
  });
});

describe('the last words', () => {
  const fetched = { downloaded: ['a'], kept: [], unchecked: [] };
  const describeModel = (config: unknown, directory = '/srv/m') =>
    describeResult(readRequest(['acme/mini', '--to', directory], '/'), { ...fetched, ...findSetting(config, false) });

  it('are the setting, ready to copy', () => {
    expect(describeModel(labelled('neutral', 'entailment')).at(-1)).toBe('  URGENCY_MODEL_DIR=/srv/m');
    expect(describeModel(labelled('a'), "/srv/Ada's models").at(-1)).toBe(
      "  CLASSIFIER_MODEL_DIR='/srv/Ada'\\''s models'",
    );
  });

  it('warn of a classifier that sorts into other categories', () => {
    const warning = expect.stringContaining('Billing, Technical, Legal: this classifier has other labels');
    expect(describeModel(labelled('POSITIVE', 'NEGATIVE'))).toContainEqual(warning);
    expect(describeModel(labelled('Legal', 'Billing', 'Technical'))).not.toContainEqual(warning);
  });

  it('report when no setting accepts the model, without control characters', () => {
    const lines = describeModel({ architectures: ['Evil\u001b[2J\nForCausalLM'] });
    expect(lines.at(-1)).toContain('No setting takes a model like this (architecture Evil?[2J?ForCausalLM)');
  });
});
