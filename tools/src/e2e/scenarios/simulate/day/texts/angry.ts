/** What the angry customer repeats. */
const TROUBLE =
  'My washing machine was to be delivered last Tuesday and it is still not here. I stayed at home for three days and nobody rang. ' +
  'I want to know today when it comes.';

const AGAIN = [
  '',
  'Once more: ',
  'I write again because nobody answers. ',
  'Does anybody read this? ',
  'Still no answer! ',
  'Hello?? ',
  'This is getting ridiculous. ',
  'And again: ',
];

/** The n-th message, from 0. */
export function angryText(number: number): string {
  return `${AGAIN[number % AGAIN.length] ?? ''}${TROUBLE}${'!'.repeat(number % 3)}`;
}

/** Who writes all of them. */
export const ANGRY_REQUESTER = 'a.furious@example.org';
