import { CAN_WAIT } from './can-wait';
import { DEADLINES } from './deadline';
import { EXPOSURE } from './exposure';
import { HARM_TO_PEOPLE } from './harm-to-people';
import { HARM_TO_PROPERTY } from './harm-to-property';
import { NOTHING_TO_DO } from './nothing-to-do';
import { REACH } from './reach';
import { REPEAT_CONTACT } from './repeat-contact';
import type { Signal } from './signal';
import { TONE } from './tone';
import { WORK_STOPPED } from './work-stopped';

/** Every signal the baseline knows. The order is that of a signal vector's numbers. */
export const SIGNALS: readonly Signal[] = [
  ...HARM_TO_PEOPLE,
  ...HARM_TO_PROPERTY,
  ...REACH,
  ...WORK_STOPPED,
  ...DEADLINES,
  ...EXPOSURE,
  ...REPEAT_CONTACT,
  ...TONE,
  ...NOTHING_TO_DO,
  ...CAN_WAIT,
];
