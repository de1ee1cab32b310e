import { createLogger } from '@smart-support/telemetry';
import { VirtualClock } from '@smart-support/testing';
import { Drain } from './drain';

/** A promise that the test resolves. */
function promised(): { readonly promise: Promise<void>; readonly settle: () => void } {
  let settle!: () => void;
  const promise = new Promise<void>((resolve) => (settle = resolve));
  return { promise, settle };
}

/** A consumer with one ticket in flight, and a webhook in flight. */
function begin() {
  const clock = new VirtualClock();
  const ticket = promised();
  const webhook = promised();
  const log: string[] = [];
  const handedBack = { at: null as number | null };
  const consumer = {
    inFlight: 1,
    stop: () => ticket.promise,
    requeueAll: async () => {
      handedBack.at ??= clock.monotonic();
      ticket.settle();
    },
  };
  let webhooksStopped = false;
  const alerts = {
    stop: () => {
      webhooksStopped = true;
      return webhook.promise;
    },
  };
  const logger = createLogger({ level: 'info', name: 'spec', destination: { write: (line) => void log.push(line) } });
  const drain = new Drain({ consumer, alerts, clock, logger });
  const ended = { at: null as number | null };
  const watch = drain.done().then(() => void (ended.at = clock.monotonic()));
  return { clock, ticket, webhook, log, handedBack, drain, ended, watch, webhooksStopped: () => webhooksStopped };
}

describe('a worker that is stopped', () => {
  it('finishes its ticket in flight and requeues nothing', async () => {
    const { clock, ticket, webhook, handedBack, ended, log } = begin();
    await clock.run(14_000);
    expect(ended.at).toBeNull();
    ticket.settle();
    webhook.settle();
    await clock.run(10_000);
    expect(ended.at).toBe(14_000);
    expect(handedBack.at).toBeNull();
    expect(log).toEqual([]);
    expect(clock.waiting).toBe(0);
  });

  it('requeues after 15 s what is not finished by then, and logs that', async () => {
    const { clock, webhook, handedBack, ended, log } = begin();
    webhook.settle();
    await clock.run(20_000);
    expect(handedBack.at).toBe(15_000);
    expect(ended.at).toBe(15_000);
    expect(log.map((line) => (JSON.parse(line) as { in_flight: number }).in_flight)).toEqual([1]);
  });

  it('lets the last ticket send its alert before the webhooks end', async () => {
    const { clock, ticket, webhook, ended, webhooksStopped } = begin();
    await clock.run(1000);
    expect(webhooksStopped()).toBe(false);
    ticket.settle();
    await clock.run(1000);
    expect(webhooksStopped()).toBe(true);
    expect(ended.at).toBeNull();
    webhook.settle();
    await clock.run(0);
    expect(ended.at).toBe(2000);
  });

  it('does not wait for a receiver that hangs beyond 17 s', async () => {
    const { clock, ticket, handedBack, ended } = begin();
    ticket.settle();
    await clock.run(30_000);
    expect(ended.at).toBe(17_000);
    expect(handedBack.at).toBeNull();
  });

  it('on a second signal requeues at once and waits for no webhook', async () => {
    const { clock, drain, handedBack, ended } = begin();
    await clock.run(2000);
    await drain.hurry();
    await clock.run(0);
    expect(handedBack.at).toBe(2000);
    expect(ended.at).toBe(2000);
    expect(clock.waiting).toBe(0);
  });

  it('on a second signal with only a webhook in flight has nothing to requeue', async () => {
    const { clock, ticket, drain, handedBack, ended, log } = begin();
    ticket.settle();
    await clock.run(100);
    await drain.hurry();
    await clock.run(0);
    expect(ended.at).toBe(100);
    expect(handedBack.at).toBeNull();
    expect(log).toEqual([]);
  });
});
