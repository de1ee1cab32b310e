import type { TimerClock } from '@smart-support/contracts';
import { createWebhookDispatcher, type DeliveryOutcome, type WebhookDispatcherOptions } from '../src';
import { FakeOutbox } from './fake-outbox';
import { HandSender } from './hand-sender';
import { RecordingObserver } from './recording-observer';

/** What a scene begins with. */
export interface SceneOptions extends Partial<WebhookDispatcherOptions> {
  /** The ids of the events that are due when the dispatcher starts. */
  readonly events?: readonly string[];
  /** What every try ends with at once; without it tries stay pending until the test ends them. */
  readonly answer?: DeliveryOutcome;
}

/** A dispatcher that has been started, and all it works with. Waits are three quarters of the longest. */
export function webhookScene(clock: TimerClock, { events = [], answer, ...options }: SceneOptions = {}) {
  const outbox = new FakeOutbox(clock);
  const sender = new HandSender(answer);
  const observer = new RecordingObserver();
  const random = () => 0.5;
  const dispatcher = createWebhookDispatcher({ outbox, sender, observer, clock, random, ...options });
  outbox.add(...events);
  dispatcher.start();
  return { outbox, sender, observer, dispatcher };
}

/** So many ids. */
export const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `T-${index + 1}`);
