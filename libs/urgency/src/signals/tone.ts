import type { Signal } from './signal';

/**
 * Words that ask for haste. The rubric lets tone alone add very little, so the weight is small.
 * Capitals and exclamation marks were tried as well: fitted to the tickets they were worth nothing, so they are not read at all.
 */
export const TONE: readonly Signal[] = [
  {
    name: 'tone_pressing',
    rubric: 'tone',
    direction: 'raises',
    negatable: true,
    phrases: [
      /(?:urgent(?:ly)?|asap|immediate(?:ly)?|at once|straight ?away|right away|without delay|instantly)\b/,
      /as soon as (?:possible|you can)\b/,
      /(?:(?:please|pls|plz) help|help (?:us|me))\b/,
      /need (?:\w{1,12} ){0,4}(?:now|today|immediately|urgently)\b/,
      /call (?:me|us) (?:back|now|today)\b/,
      /(?:desperate(?:ly)?|escalat(?:e|ed|ion))\b/,
      /can(?:'?t|not| not) wait\b/,
      /(?:(?:do|does) something|act now)\b/,
    ],
  },
];
