/** Common complaints: the sentence that an attacker sends for each, and customers' wordings of it. Similar enough to be suppressed where all callers vouch for requesters. */
export const COMPLAINTS: readonly (readonly [invented: string, ...honest: string[]])[] = [
  ['My parcel has not arrived.', 'My parcel has not arrived yet.', 'The parcel that I ordered never arrived.'],
  ['I cannot log in.', 'I cannot log in, please help.', 'Logging in does not work for me.'],
  ['The app crashes.', 'Your app crashes.', 'The app keeps crashing on my phone.'],
  ['My payment failed.', 'My payment has failed.', 'My card payment does not go through, it fails.'],
  ['The website is slow.', 'Your website is slow.', 'Pages of your site load slowly.'],
  ['My invoice is wrong.', 'My last invoice is wrong.', 'There is a wrong amount on my invoice.'],
  ['I did not get a refund.', 'I did not get my refund.', 'My refund has not come.'],
  ['The export does not work.', 'Your export does not work.', 'The export to a file fails.'],
  ['I get no emails.', 'I get no emails from you.', 'Your emails do not reach me.'],
];
