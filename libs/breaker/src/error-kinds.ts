import { isSmartSupportError } from '@smart-support/contracts';

/** Whether an error concerns the caller, so that no baseline can answer instead: invalid input, or a closed model. */
export function isCallerError(error: unknown): boolean {
  return isSmartSupportError(error, 'invalid_input') || isSmartSupportError(error, 'closed');
}

/** Whether a model refused a call because its queue is full. */
export function isOverload(error: unknown): boolean {
  return isSmartSupportError(error, 'overloaded');
}

/**
 * Recognises one failure that several calls reject with. A call that joined another's run rejects with the same error object,
 * without a start of its own: a hundred equal tickets of a storm and one crash are one failure, not a hundred.
 */
export class FailureMemory {
  private moment = 0;
  private readonly lastReported = new WeakMap<object, number>();

  /** The present moment, for a call that begins. */
  begin(): number {
    return this.moment;
  }

  /**
   * Whether an error is new to a call: no other call has rejected with it since that call began.
   * @param began - what {@link FailureMemory.begin} returned
   */
  isNews(error: unknown, began: number): boolean {
    if (typeof error !== 'object' || error === null) return true;
    const reported = this.lastReported.get(error);
    this.lastReported.set(error, (this.moment += 1));
    return reported === undefined || reported <= began;
  }
}
