/**
 * What many people say at once when something breaks for all of them, word for word but for greetings and numbers. No two have much in
 * common, and none is like a training ticket. All report a failure: else the numbers would make them requests of each customer's own.
 */
export const OUTAGES: readonly string[] = [
  'Since this morning nobody in our branch can sign in to the till software. It shows error 503 on every screen and refuses every card ' +
    'payment. Customers are standing in a queue and we are losing sales every minute. Please repair this immediately.',
  'The monthly statement that arrived today lists the membership fee two times. The bank has already collected both amounts from my account. ' +
    'Kindly return the second collection and send a corrected statement.',
  'Your video doorbell has stopped ringing after the firmware update of last night. The camera picture freezes after two seconds and the ' +
    'speaker only crackles. Restarting and resetting the bell made no difference.',
  'The archive of signed contracts does not open since the weekend. Every document stops loading with error 500 and the search finds ' +
    'nothing at all. Our lawyers cannot work, so please get it running again.',
  'None of the exported spreadsheets opens any more, the program says that the archive is corrupt. The export of yesterday evening still ' +
    'worked. Without these sheets our accountants cannot close the quarter.',
  'The vouchers from the spring campaign are rejected at the checkout with the remark that they have expired, although the end of June is ' +
    'printed on them. Please make the vouchers valid again or refund what they are worth.',
  'Push messages of the parcel app arrive dozens of times a minute and drain the battery of the phone. Muting them in the settings does ' +
    'nothing, and even after removing the app and installing it anew they come back.',
  'The reading room calendar shows every booking of the coming week as cancelled. Two study groups stood before locked doors already. ' +
    'Please restore our reservations for the seminar rooms as soon as you can.',
];

const GREETINGS = ['', 'Hello, ', 'Hi, ', 'Dear support, ', 'Good morning, '];
const CLOSINGS = [' Thanks.', ' Thank you!', ' Regards,', ' Best regards,', ' Many thanks,'];

/**
 * What one of those says whom an outage hits. Any two of them have a cosine of 0.949 at least (60 texts of each outage): far enough above the
 * engine's 0.9 that the audit need not know how alike they are. A bare number at the end would bring some below it.
 * @param random - a number in [0, 1)
 */
export function reportText(outage: number, reporter: number, random: () => number): string {
  const oneOf = (texts: readonly string[]): string => texts[Math.floor(random() * texts.length)] ?? '';
  return `${oneOf(GREETINGS)}${OUTAGES[outage] ?? ''}${oneOf(CLOSINGS)} customer ${101 + reporter}`;
}
