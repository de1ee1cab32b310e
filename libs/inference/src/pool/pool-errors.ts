import { SmartSupportError } from '@smart-support/contracts';

/** To all that waits or comes once the pool closes. */
export const closedError = (): SmartSupportError => new SmartSupportError('closed', 'The model was closed');

/** To all that waits or comes while there is nobody to run it. */
export const noThreadError = (): SmartSupportError =>
  new SmartSupportError('model_failed', 'The model has no thread left; new ones are being tried');

/** To a text that is not tried again. */
export const lostError = (threads: number): SmartSupportError =>
  new SmartSupportError('model_failed', `The model lost ${threads} threads over one text`);

/** To texts that find no room. */
export const overloadedError = (maxWaiting: number): SmartSupportError =>
  new SmartSupportError('overloaded', `At most ${maxWaiting} texts may wait for the model`);
