import type { JoiningDoubt } from '@smart-support/contracts';

const LETTERS: readonly (readonly [letter: string, doubt: JoiningDoubt])[] = [
  ['l', 'low_similarity'],
  ['s', 'severe_signal'],
];

/**
 * What Redis keeps of how a member joined: '!' if it is routed for what it says, else '-', and a letter for each reason that makes it doubtful.
 * Most members have '-', which costs no more than before there were reasons.
 */
export function memberMark(routedSignal: string | null, doubts: readonly JoiningDoubt[] = []): string {
  const letters = LETTERS.filter(([, doubt]) => doubts.includes(doubt)).map(([letter]) => letter);
  return (routedSignal === null ? '-' : '!') + letters.join('');
}

/** The reasons of a {@link memberMark}. */
export function doubtsIn(mark: string): JoiningDoubt[] {
  return LETTERS.filter(([letter]) => mark.includes(letter)).map(([, doubt]) => doubt);
}
