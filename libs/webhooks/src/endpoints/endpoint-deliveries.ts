import {
  type DomainEvent,
  type Outbox,
  SmartSupportError,
  systemClock,
  type TimerClock,
  wantsEvent,
  type WebhookEndpoint,
} from '@smart-support/contracts';
import { createWebhookDispatcher, type WebhookDispatcher } from '../dispatcher/webhook-dispatcher';
import type { WebhookObserver } from '../dispatcher/webhook-observer';
import type { DeliveryOutcome } from '../sender/delivery-outcome';
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

/** Pause after which a step of our own, which the outbox refused, is tried again, in milliseconds. */
const AGAIN_MS = 1000;

/**
 * Delivers events to several endpoints, each with an outbox, retries and a pace of its own, so that one that is slow or down delays no other. An event is
 * given to the endpoints that want it (`wantsEvent`) in one step; one that is paused or switched off at that moment never gets it.
 */
export function createEndpointDeliveries(options: EndpointDeliveriesOptions): WebhookDispatcher {
  const { outbox, disableAfterMs, onError = () => undefined, onDisabled, clock = systemClock } = options;
  const health = new Map<string, EndpointHealth>();
  const isOff = (id: string): boolean => health.get(id)?.disabled !== undefined;

  let isRunning = false;
  /** Until the outbox takes it. */
  const emit = (id: string, body: string): void =>
    void outbox.emit(id, body).catch(() => {
      if (isRunning) clock.after(AGAIN_MS, () => emit(id, body));
    });

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
          // Not waited for: it waits for this try. What is left stays in the outbox, where another process, or this one after a restart, may deliver it.
          void dispatcher.stop();
          onDisabled?.(id, after);
          const event = webhookDisabledEvent(endpoint, after, clock.now());
          if (event) emit(`${event.type}:${id}:${event.data.since}`, JSON.stringify(event));
        }
        return outcome.outcome === 'gone' ? GONE_HERE : outcome;
      },
      close: () => sender.close(),
    };
    const queue = outbox.endpoint(id);
    const dispatcher = createWebhookDispatcher({
      outbox: queue,
      sender: watched,
      clock,
      ...(observer && { observer }),
    });
    return { endpoint, dispatcher };
  });

  let isRefused = false;
  const giving: WebhookSender = {
    timeoutMs: FAN_OUT_MS,
    send: async ({ id, body }) => {
      try {
        const event = eventIn(body);
        const wanting = targets.filter(
          ({ endpoint }) => event && endpoint.paused !== true && !isOff(endpoint.id) && wantsEvent(endpoint, event),
        );
        if (!event) onError(new SmartSupportError('corrupt', `The event "${id}" cannot be read: it is dropped`));
        await outbox.fanOut(
          id,
          wanting.map(({ endpoint }) => endpoint.id),
        );
        for (const { dispatcher } of wanting) dispatcher.wake();
        isRefused = false;
        return { outcome: 'delivered', status: 200 };
      } catch (error) {
        // Once, not for each event and each second.
        if (!isRefused) onError(error);
        isRefused = true;
        return { outcome: 'failed', reason: 'sender', message: 'The outbox refused.' };
      }
    },
    close: () => undefined,
  };
  const router = createWebhookDispatcher({
    outbox: {
      claim: (limit, leaseMs) => outbox.claim(limit, leaseMs),
      // `fanOut` has removed it.
      acknowledge: async () => undefined,
      // A try of ours counts for no receiver: an event is never given up before it was given to its endpoints.
      retryLater: (id) => outbox.retryLater(id, 0, AGAIN_MS),
    },
    sender: giving,
    clock,
    observer: { error: onError },
  });
  const running = (): WebhookDispatcher[] =>
    targets.filter(({ endpoint }) => !isOff(endpoint.id)).map(({ dispatcher }) => dispatcher);
  return {
    start: () => {
      isRunning = true;
      for (const one of [router, ...running()]) one.start();
    },
    wake: () => router.wake(),
    stop: async () => {
      isRunning = false;
      // First, so that what it still gives is delivered.
      await router.stop();
      await Promise.all(targets.map(({ dispatcher }) => dispatcher.stop()));
    },
  };
}

/** What a 410 is for the events of the endpoint: they stay. */
const GONE_HERE: DeliveryOutcome = { outcome: 'failed', reason: 'status', message: 'The receiver answered 410.' };

function eventIn(body: string): DomainEvent | undefined {
  try {
    return JSON.parse(body) as DomainEvent;
  } catch {
    return undefined;
  }
}
