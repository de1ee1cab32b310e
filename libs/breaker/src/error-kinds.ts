import { isSmartSupportError } from '@smart-support/contracts';

/** Whether an error tells the caller something that a baseline cannot stand in for: the input is wrong, or the model was closed. */
export function isCallersOwn(error: unknown): boolean {
  return isSmartSupportError(error, 'invalid_input') || isSmartSupportError(error, 'closed');
}

/** Whether a model said that its waiting room is full. */
export function isOverload(error: unknown): boolean {
  return isSmartSupportError(error, 'overloaded');
}

/**
 * Knows a failure that several callers are told of. A call that joined another's run brings the very same error as that one,
 * without a start of its own: a hundred equal tickets of a storm and one crash are one failure, not a hundred.
 */
export class FailureMemory {
  private moment = 0;
  private readonly lastTold = new WeakMap<object, number>();

  /** The present, to be kept by a call that begins. */
  begin(): number {
    return this.moment;
  }

  /**
   * Whether an error is news to a call that began then: no other call has brought it since.
   * @param began - what {@link FailureMemory.begin} said
   */
  isNews(error: unknown, began: number): boolean {
    if (typeof error !== 'object' || error === null) return true;
    const told = this.lastTold.get(error);
    this.lastTold.set(error, (this.moment += 1));
    return told === undefined || told <= began;
  }
}
