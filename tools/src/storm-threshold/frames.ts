/** What a form or a mail program puts around every ticket alike. */
export interface Frame {
  readonly name: string;
  readonly above: string;
  readonly below: string;
}

const NONE: Frame = { name: 'nothing around them', above: '', below: '' };

/** Around the texts that the threshold is chosen on: nothing, and courtesies, as many writers share them. All frames are in our own words. */
export const FRAMES_TO_CHOOSE: readonly Frame[] = [
  NONE,
  { name: 'courtesies', above: 'Hello,\n', below: '\n\nSent from the Example app' },
  { name: 'longer courtesies', above: 'Hi team,\n', below: '\n\nThanks in advance, sent from my phone' },
];

/** Around the texts that it is reported on. */
export const FRAMES_TO_REPORT: readonly Frame[] = [
  NONE,
  { name: 'courtesies', above: 'Good morning all,\n', below: '\n\nBest wishes\nWritten on my tablet' },
  {
    name: 'a form',
    above: 'Support request (web portal)\nAccount: example-77\nPlan: Business\nBrowser: Firefox 140\nDescription:\n',
    below: '\nAttachments: none. May we contact you by phone: no',
  },
  {
    name: "a company's footer",
    above: '',
    below:
      '\n\nExample GmbH, registered office in Exampletown. The contents of this message are privileged; any use by third parties is forbidden. ' +
      'We have scanned it for viruses but take no liability for damage.',
  },
];
