import { type TimerClock, systemClock } from '@smart-support/contracts';
import { outcomeOfTimeout } from './read-outcome';
import type { WebhookSender } from './webhook-sender';

/** A fault to inject into every try. */
export interface InjectedWebhookFault {
  /** Milliseconds by which the receiver answers later; from the sender's timeout on it does not answer in time. */
  readonly delayMs: number;
}

/** A sender that can make its receiver seem slow. */
export interface FaultInjectingSender extends WebhookSender {
  /** Injects the fault into every try from now on; `null` ends it. */
  injectFault(fault: InjectedWebhookFault | null): void;
}

/** Wraps a sender for fault injection. A delayed try that would still end in time is made, only later. */
export function faultInjectingSender(sender: WebhookSender, clock: TimerClock = systemClock): FaultInjectingSender {
  let fault: InjectedWebhookFault | null = null;
  const { timeoutMs } = sender;
  return {
    timeoutMs,
    send: async (entry) => {
      const delayMs = Math.min(fault?.delayMs ?? 0, timeoutMs);
      if (delayMs > 0) await new Promise<void>((resolve) => void clock.after(delayMs, resolve));
      return delayMs >= timeoutMs ? outcomeOfTimeout(timeoutMs) : sender.send(entry);
    },
    close: () => sender.close(),
    injectFault: (wanted) => {
      fault = wanted;
    },
  };
}
