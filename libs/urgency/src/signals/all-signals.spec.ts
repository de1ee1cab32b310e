import { beginningsOf } from '../phrase-beginnings';
import { SIGNALS } from './all-signals';
import { NEGATORS, NOT_YET } from './negation';

const SETS: [string, readonly RegExp[]][] = [
  ...SIGNALS.map(({ name, phrases }): [string, readonly RegExp[]] => [name, phrases]),
  ['negators', NEGATORS],
  ['words of hope', NOT_YET],
];

describe('the signals', () => {
  it('have names of their own', () => {
    expect(new Set(SIGNALS.map(({ name }) => name)).size).toBe(SIGNALS.length);
  });

  it('raise for harm, reach, stopped work, deadlines, exposure, repeated contact and tone, and lower for the rest', () => {
    const raising = ['harm', 'reach', 'work_stopped', 'deadline', 'exposure', 'repeat_contact', 'tone'];
    for (const { rubric, direction } of SIGNALS) expect(direction).toBe(raising.includes(rubric) ? 'raises' : 'lowers');
  });

  it.each(SETS)('%s: every phrase can be looked up by its beginning', (_, phrases) => {
    expect(phrases.filter(({ source }) => beginningsOf(source).some(({ length }) => length === 0))).toEqual([]);
  });

  it.each(SETS)('%s: every phrase has a greatest length', (_, phrases) => {
    expect(phrases.filter(({ source }) => /[^\\][*+]|\{\d+,\}/.test(source))).toEqual([]);
  });

  it.each(SETS)('%s: every phrase ends with a whole word or is a sign', (_, phrases) => {
    expect(phrases.filter(({ source }) => !source.endsWith('\\b') && source !== '\\?')).toEqual([]);
  });
});
