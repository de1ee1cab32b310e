import { type TimerClock, systemClock } from '@smart-support/contracts';
import { outcomeOfTimeout } from './read-outcome';
import type { WebhookSender } from './webhook-sender';

/** What is rehearsed in every try. */
export interface RehearsedWebhookFault {
  /** Milliseconds by which the receiver answers later; from the sender's timeout on it does not answer in time. */
  readonly delayMs: number;
}

/** A sender in which a slow receiver can be rehearsed. */
export interface RehearsingSender extends WebhookSender {
  /** Every try from now on is as told; `null` ends the rehearsal. */
  rehearse(fault: RehearsedWebhookFault | null): void;
}

/** Puts a rehearsal in front of a sender. A try that would end in time is made, only later. */
export function rehearsingSender(sender: WebhookSender, clock: TimerClock = systemClock): RehearsingSender {
  let fault: RehearsedWebhookFault | null = null;
  const { timeoutMs } = sender;
  return {
    timeoutMs,
    send: async (entry) => {
      const delayMs = Math.min(fault?.delayMs ?? 0, timeoutMs);
      if (delayMs > 0) await new Promise<void>((resolve) => void clock.after(delayMs, resolve));
      return delayMs >= timeoutMs ? outcomeOfTimeout(timeoutMs) : sender.send(entry);
    },
    close: () => sender.close(),
    rehearse: (wanted) => {
      fault = wanted;
    },
  };
}
