/** Eleven reports of one failure, in nearly the same words. */
export const ELEVEN: readonly string[] = [
  'The export of our monthly report stops at 80 percent with error E1042.',
  'The export of our monthly report stops at 80 percent with the error E1042.',
  'Export of our monthly report stops at 80 percent with error E1042.',
  'The export of our monthly report always stops at 80 percent with error E1042.',
  'The export of our monthly report stops at 80 percent, with error E1042!',
  'The export of the monthly report stops at 80 percent with error E1042.',
  'Hi, the export of our monthly report stops at 80 percent with error E1042.',
  'The export of our monthly report stops at 80 percent with error E1042. Thanks',
  'Hello, the export of our monthly report stops at 80 percent with error E1042. Regards',
  'Again the export of our monthly report stops at 80 percent with error E1042.',
  'The export of our monthly report stops at 80 percent and shows error E1042.',
];

/** Tickets that are similar to no other ticket. */
export const UNRELATED: readonly string[] = [
  'Could you send me a copy of the invoice for March? I cannot find it in my mailbox.',
  'Please change the address of our company to Harbour Street 12.',
  'How do I invite a colleague to my workspace?',
  'Which clause of the contract says how long our data are kept?',
];

const GREETINGS = ['Hello', 'Hi', 'Good morning', 'Dear support team', 'Hi there', 'Hello team', 'Dear team', 'Hey'];
const ENDS = ['Thanks', 'Thank you', 'Best regards', 'Kind regards', 'Regards', 'Many thanks', 'Please help', 'Cheers'];
const BROWSERS = ['Every browser', 'Any browser', 'All browsers', 'Each browser'];
const CARDS = ['every card', 'any card', 'all cards', 'each card'];

/** The number of different texts of {@link similarTickets}. */
export const MOST_TEXTS = GREETINGS.length * ENDS.length * BROWSERS.length * CARDS.length;

/** Different reports of one outage, in nearly the same words. @throws RangeError for more than 1024 */
export function similarTickets(count: number): string[] {
  if (count > MOST_TEXTS) throw new RangeError(`There are only ${MOST_TEXTS} different texts`);
  return Array.from({ length: count }, (_, number) => {
    let rest = number;
    const next = (choices: readonly string[]): string => {
      const choice = choices[rest % choices.length] ?? '';
      rest = Math.floor(rest / choices.length);
      return choice;
    };
    const [greeting, end, browser, card] = [next(GREETINGS), next(ENDS), next(BROWSERS), next(CARDS)];
    return (
      `${greeting}, the checkout page shows error 502 after I press "Pay now", no payment is taken and no confirmation of the order arrives. ` +
      `${browser} and ${card} show the same error 502 on the checkout page. ${end}`
    );
  });
}
