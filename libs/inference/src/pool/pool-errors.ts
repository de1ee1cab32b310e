import { SmartSupportError } from '@smart-support/contracts';

/** For every waiting and later job once the pool closes. */
export const closedError = (): SmartSupportError => new SmartSupportError('closed', 'The model was closed');

/** For every waiting and later job while no thread can run it. */
export const noThreadError = (): SmartSupportError =>
  new SmartSupportError('model_failed', 'The model has no thread left; new ones are being tried');

/** For a text that is not tried again. */
export const lostError = (threads: number): SmartSupportError =>
  new SmartSupportError('model_failed', `The model lost ${threads} threads over one text`);

/** For texts beyond the queue's limit. */
export const overloadedError = (maxWaiting: number): SmartSupportError =>
  new SmartSupportError('overloaded', `At most ${maxWaiting} texts may wait for the model`);
