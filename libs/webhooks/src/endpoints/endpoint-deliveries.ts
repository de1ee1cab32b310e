import {
  type DomainEvent,
  type Outbox,
  systemClock,
  type TimerClock,
  wantsEvent,
  type WebhookEndpoint,
} from '@smart-support/contracts';
import { createWebhookDispatcher, type WebhookDispatcher } from '../dispatcher/webhook-dispatcher';
import type { WebhookObserver } from '../dispatcher/webhook-observer';
import type { WebhookSender } from '../sender/webhook-sender';
import { type EndpointHealth, healthAfterTry, webhookDisabledEvent } from './endpoint-health';

/** An endpoint to which {@link createEndpointDeliveries} delivers. */
export interface DeliveredEndpoint {
  readonly endpoint: Pick<WebhookEndpoint, 'id' | 'url' | 'types' | 'filter' | 'paused'>;
  readonly sender: WebhookSender;
  readonly observer?: WebhookObserver;
}

/** What {@link createEndpointDeliveries} works with. */
export interface EndpointDeliveriesOptions {
  readonly outbox: Outbox;
  /** Each id once. */
  readonly endpoints: readonly DeliveredEndpoint[];
  /** Milliseconds for which an endpoint may fail without one success before it is switched off; 0 for ever. */
  readonly disableAfterMs: number;
  /** Called with what is wrong with the outbox itself. */
  readonly onError?: (error: unknown) => void;
  /** Called when an endpoint is switched off: it gets nothing until the process is restarted. The others get `webhook.disabled`. */
  readonly onDisabled?: (endpointId: string, health: EndpointHealth) => void;
  /** The machine's own by default. */
  readonly clock?: TimerClock;
}

/** Time in which an event is given to its endpoints, in milliseconds. */
const FAN_OUT_MS = 1000;

/**
 * Delivers events to several endpoints, each with an outbox, retries and a pace of its own, so that one that is slow or down delays no other. An event is
 * given to the endpoints that want it (`wantsEvent`) in one step; one that is paused or switched off at that moment never gets it.
 */
export function createEndpointDeliveries(options: EndpointDeliveriesOptions): WebhookDispatcher {
  const { outbox, disableAfterMs, onError, onDisabled, clock = systemClock } = options;
  const health = new Map<string, EndpointHealth>();
  const isOff = (id: string): boolean => health.get(id)?.disabled !== undefined;
  const targets = options.endpoints.map(({ endpoint, sender, observer }) => {
    const { id } = endpoint;
    const watched: WebhookSender = {
      timeoutMs: sender.timeoutMs,
      send: async (entry) => {
        const outcome = await sender.send(entry);
        const before = health.get(id) ?? {};
        const after = healthAfterTry(before, outcome.outcome, clock.now(), disableAfterMs);
        health.set(id, after);
        if (after.disabled && !before.disabled) {
          onDisabled?.(id, after);
          const event = webhookDisabledEvent(endpoint, after, clock.now());
          if (event) await outbox.emit(`${event.type}:${id}:${event.data.since}`, JSON.stringify(event)).catch(onError);
        }
        // Ends all sending, as a 410 does.
        return after.disabled ? { outcome: 'gone' } : outcome;
      },
      close: () => sender.close(),
    };
    const queue = outbox.endpoint(id);
    return {
      endpoint,
      dispatcher: createWebhookDispatcher({ outbox: queue, sender: watched, clock, ...(observer && { observer }) }),
    };
  });
  const giving: WebhookSender = {
    timeoutMs: FAN_OUT_MS,
    send: async ({ id, body }) => {
      const event = JSON.parse(body) as DomainEvent;
      const wanting = targets.filter(
        ({ endpoint }) => endpoint.paused !== true && !isOff(endpoint.id) && wantsEvent(endpoint, event),
      );
      await outbox.fanOut(
        id,
        wanting.map(({ endpoint }) => endpoint.id),
      );
      for (const { dispatcher } of wanting) dispatcher.wake();
      return { outcome: 'delivered', status: 200 };
    },
    close: () => undefined,
  };
  const router = createWebhookDispatcher({
    outbox,
    sender: giving,
    clock,
    observer: { ...(onError && { error: onError }) },
  });
  const all = [router, ...targets.map(({ dispatcher }) => dispatcher)];
  return {
    start: () => all.forEach((one) => one.start()),
    wake: () => router.wake(),
    stop: async () => {
      // First, so that what it still gives is delivered.
      await router.stop();
      await Promise.all(all.map((one) => one.stop()));
    },
  };
}
