import { readFileSync } from 'node:fs';
import path from 'node:path';
import { MODEL_DIRECTORY } from '@smart-support/model-minilm';
import fc from 'fast-check';
import { type JsonObject } from '../directory/json-file';
import { ModelTokenizer } from './model-tokenizer';
import { sharingKey } from './sharing-key';

function open(directory: string) {
  const json = (name: string) => JSON.parse(readFileSync(path.join(directory, name), 'utf8')) as JsonObject;
  const files = [json('tokenizer.json'), json('tokenizer_config.json')] as const;
  const tokenizer = new ModelTokenizer(...files, 100_000);
  return { keyOf: sharingKey(...files), idsOf: (text: string) => tokenizer.encode(text).ids };
}

const bert = open(MODEL_DIRECTORY);
const bart = open(path.join(__dirname, '../../fixtures/tiny-random-bart-mnli'));

const pieces = ['server', 'Server', 'é', 'e\u0301', 'É', ' ', '  ', '\t', '\u200b', '\u0000', '[CLS]', '[cls]', '<s>'];
const text = fc.array(fc.constantFrom(...pieces, '[SEP]', '中', '!', '\ud800', '<mask>', ' <mask> '), { maxLength: 5 });

describe('the key under which texts share a run', () => {
  it.each([
    ['case', 'The Server is DOWN', 'the server is down'],
    ['white space', '  the server\n\tis   down ', 'the server is down'],
    ['accents', 'Café', 'cafe'],
    ['invisible characters', 'down\u200b\u0000', 'down'],
  ])('is equal for texts that differ in what BERT does not see: %s', (_, one, other) => {
    expect(bert.keyOf(one)).toBe(bert.keyOf(other));
  });

  it.each([
    ['words', 'server up', 'server down'],
    ['a special token and its spelling', '[CLS] down', '[cls] down'],
    ['a word boundary', 'log in', 'login'],
  ])('differs for %s', (_, one, other) => {
    expect(bert.keyOf(one)).not.toBe(bert.keyOf(other));
  });

  it('respects case and white space where the tokenizer does', () => {
    expect(bart.keyOf('Down')).not.toBe(bart.keyOf('down'));
    expect(bart.keyOf('a  b')).not.toBe(bart.keyOf('a b'));
  });

  it('does not clean very long texts, and does not confuse them with cleaned ones', () => {
    expect(bert.keyOf('A'.repeat(5000))).not.toBe(bert.keyOf('a'.repeat(5000)));
    expect(bert.keyOf('a'.repeat(5000))).toBe(bert.keyOf('a'.repeat(5000)));
  });

  it.each([
    ['BERT', bert],
    ['BART', bart],
  ])('is equal only for texts with equal tokens (%s)', (_, { keyOf, idsOf }) => {
    let shared = 0;
    fc.assert(
      fc.property(text, text, fc.boolean(), (one, other, alike) => {
        const a = one.join('');
        const b = alike ? a.replace(/server/gi, 'SERVER').replaceAll(' ', '  ') : other.join('');
        fc.pre(keyOf(a) === keyOf(b));
        shared += a === b ? 0 : 1;
        expect(idsOf(a)).toEqual(idsOf(b));
      }),
      { numRuns: 300, maxSkipsPerRun: 1000 },
    );
    if (keyOf === bert.keyOf) expect(shared).toBeGreaterThan(20);
  });
});
