import type { JoiningDoubt } from '@smart-support/contracts';

const LETTERS: readonly (readonly [letter: string, doubt: JoiningDoubt])[] = [
  ['l', 'low_similarity'],
  ['s', 'severe_signal'],
];

/**
 * How a member joined, as Redis stores it: '!' if it is routed for a severe signal, else '-', and a letter for each doubt. Most members have '-'.
 */
export function memberMark(routedSignal: string | null, doubts: readonly JoiningDoubt[] = []): string {
  const letters = LETTERS.filter(([, doubt]) => doubts.includes(doubt)).map(([letter]) => letter);
  return (routedSignal === null ? '-' : '!') + letters.join('');
}

/** The doubts of a {@link memberMark}. */
export function doubtsIn(mark: string): JoiningDoubt[] {
  return LETTERS.filter(([letter]) => mark.includes(letter)).map(([, doubt]) => doubt);
}
