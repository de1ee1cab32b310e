/** Reports of one failure in nearly the same words. */
const TROUBLE =
  'Since this morning nobody in our branch can sign in to the till software. It shows error 503 on every screen and refuses every ' +
  'card payment. Customers are standing in a queue and we are losing sales every minute. Please repair this immediately.';

const GREETINGS = ['', 'Hello, ', 'Hi, ', 'Dear support, ', 'Good morning, '];
const CLOSINGS = ['', ' Thanks.', ' Thank you!', ' Regards', ' Please hurry.'];

/** The text of one branch. @param random - a number in [0, 1) */
export function verbatimText(number: number, random: () => number): string {
  const greeting = GREETINGS[Math.floor(random() * GREETINGS.length)] ?? '';
  const closing = CLOSINGS[Math.floor(random() * CLOSINGS.length)] ?? '';
  return `${greeting}${TROUBLE}${closing} Branch ${101 + number}`;
}
