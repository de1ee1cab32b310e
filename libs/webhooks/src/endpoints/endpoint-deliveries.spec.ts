import type { Outbox, WebhookEndpoint } from '@smart-support/contracts';
import { VirtualClock } from '@smart-support/testing';
import { FakeOutbox } from '../../test/fake-outbox';
import { BROKEN, DELIVERED, GONE, HandSender } from '../../test/hand-sender';
import { createEndpointDeliveries } from './endpoint-deliveries';

const HOUR_MS = 3_600_000;

/** An outbox with those of endpoints. */
class FakeEndpointOutbox extends FakeOutbox implements Outbox {
  private readonly endpoints = new Map<string, FakeOutbox>();

  constructor(private readonly time: VirtualClock) {
    super(time);
  }

  endpoint(id: string): FakeOutbox {
    const known = this.endpoints.get(id) ?? new FakeOutbox(this.time);
    this.endpoints.set(id, known);
    return known;
  }

  refusesFanOut = false;

  async fanOut(id: string, endpoints: readonly string[]): Promise<void> {
    if (this.refusesFanOut) throw new Error('refused');
    const body = this.body(id);
    if (body !== undefined) for (const endpoint of endpoints) this.endpoint(endpoint).put(id, body);
    await this.acknowledge(id);
  }

  async emit(id: string, body: string): Promise<void> {
    if (this.failure) throw this.failure;
    this.put(id, body);
  }

  urgent(ticketId: string, category: string): void {
    const data = { id: ticketId, category, urgency_score: 0.95, assigned_agent: 'ann' };
    this.put(`ticket.urgent:${ticketId}`, JSON.stringify({ type: 'ticket.urgent', data }));
  }
}

function aScene(endpoints: Readonly<Record<string, Partial<WebhookEndpoint>>>, disableAfterMs = 72 * HOUR_MS) {
  const clock = new VirtualClock();
  const outbox = new FakeEndpointOutbox(clock);
  const senders = Object.fromEntries(Object.keys(endpoints).map((id) => [id, new HandSender(DELIVERED)]));
  const disabled: string[] = [];
  const errors: string[] = [];
  const deliveries = createEndpointDeliveries({
    outbox,
    clock,
    disableAfterMs,
    onError: (error) => void errors.push(String(error)),
    onDisabled: (id, health) => void disabled.push(`${id}: ${health.disabled}`),
    endpoints: Object.entries(endpoints).map(([id, given]) => ({
      endpoint: { id, url: `https://${id}.example.org/hook`, paused: false, ...given },
      sender: senders[id] ?? new HandSender(),
    })),
  });
  deliveries.start();
  return { clock, outbox, senders, disabled, errors, deliveries };
}

describe('events for several endpoints', () => {
  it('reach each endpoint that wants them, once, under the same id', async () => {
    const { clock, outbox, senders, deliveries } = aScene({
      all: {},
      billing: { filter: { category: ['Billing'] } },
      outages: { types: ['incident.opened'] },
      paused: { paused: true },
    });
    outbox.urgent('B', 'Billing');
    outbox.urgent('T', 'Technical');
    deliveries.wake();
    await clock.run(5_000);
    expect(Object.fromEntries(Object.entries(senders).map(([id, { tried }]) => [id, tried]))).toEqual({
      all: ['ticket.urgent:B', 'ticket.urgent:T'],
      billing: ['ticket.urgent:B'],
      outages: [],
      paused: [],
    });
    expect(outbox.ids).toEqual([]);
    await deliveries.stop();
  });

  it('are not delayed by an endpoint that never answers', async () => {
    const { clock, outbox, senders, deliveries } = aScene({ silent: {}, quick: {} });
    senders['silent']!.answer = undefined;
    for (let number = 0; number < 100; number += 1) outbox.urgent(`T${number}`, 'Legal');
    await clock.run(60_000);
    expect([senders['quick']!.tried.length, senders['silent']!.onTheWay]).toEqual([100, 8]);
    senders['silent']!.endAll();
    await deliveries.stop();
  });

  it('are no longer given to an endpoint that has failed for too long, and others go on', async () => {
    const { clock, outbox, senders, disabled, deliveries } = aScene({ down: {}, up: {} }, 2 * HOUR_MS);
    senders['down']!.answer = () => BROKEN;
    outbox.urgent('first', 'Legal');
    await clock.run(HOUR_MS);
    expect(disabled).toEqual([]);
    for (let hour = 0; hour < 5; hour += 1) {
      outbox.urgent(`T${hour}`, 'Legal');
      await clock.run(HOUR_MS);
    }
    expect(disabled).toEqual(['down: failing']);
    expect(senders['up']!.tried.filter((id) => id.startsWith('webhook.disabled:down:'))).toHaveLength(1);
    const tries = senders['down']!.tried.length;
    outbox.urgent('late', 'Legal');
    await clock.run(HOUR_MS);
    expect(senders['down']!.tried).toHaveLength(tries);
    // What it was given before waits there for another process, or for a restart.
    expect([outbox.endpoint('down').ids.includes('ticket.urgent:late'), senders['up']!.tried.at(-1)]).toEqual([
      false,
      'ticket.urgent:late',
    ]);
    await deliveries.stop();
  });

  it('are not given to an endpoint that answered 410', async () => {
    const { clock, outbox, senders, disabled, deliveries } = aScene({ gone: {}, up: {} });
    senders['gone']!.answer = () => GONE;
    outbox.urgent('a', 'Legal');
    await clock.run(5_000);
    outbox.urgent('b', 'Legal');
    await clock.run(5_000);
    expect([disabled, senders['gone']!.tried, senders['up']!.tried]).toEqual([
      ['gone: gone'],
      ['ticket.urgent:a'],
      ['ticket.urgent:a', expect.stringMatching(/^webhook\.disabled:gone:/), 'ticket.urgent:b'],
    ]);
    await deliveries.stop();
  });

  it('that an endpoint was given are left to processes that reach it, where this one does not', async () => {
    const clock = new VirtualClock();
    const outbox = new FakeEndpointOutbox(clock);
    const [blocked, well] = [new HandSender(GONE), new HandSender(DELIVERED)];
    const processes = [blocked, well].map((sender) =>
      createEndpointDeliveries({
        outbox,
        clock,
        disableAfterMs: 0,
        endpoints: [{ endpoint: { id: 'desk', url: 'https://desk.example.org', paused: false }, sender }],
      }),
    );
    for (let number = 0; number < 20; number += 1) outbox.endpoint('desk').put(`ticket.urgent:T${number}`, '{}');
    for (const one of processes) one.start();
    await clock.run(HOUR_MS);
    expect(blocked.tried.length).toBeLessThanOrEqual(8);
    expect([new Set(well.tried).size, outbox.endpoint('desk').ids]).toEqual([20, []]);
    await Promise.all(processes.map((one) => one.stop()));
  });

  it('are never given up before they were given to their endpoints, and unreadable ones are reported and dropped', async () => {
    const { clock, outbox, senders, errors, deliveries } = aScene({ up: {} });
    outbox.urgent('a', 'Legal');
    outbox.put('unreadable', '{');
    outbox.refusesFanOut = true;
    await clock.run(600_000);
    expect(outbox.ids).toEqual(['ticket.urgent:a', 'unreadable']);
    outbox.refusesFanOut = false;
    await clock.run(5_000);
    expect([outbox.ids, senders['up']!.tried]).toEqual([[], ['ticket.urgent:a']]);
    expect(errors.filter((one) => one.includes('cannot be read')).length).toBeGreaterThan(0);
    await deliveries.stop();
  });

  it('about a disabled endpoint come once the outbox takes them', async () => {
    const { clock, outbox, senders, deliveries } = aScene({ gone: {}, up: {} });
    senders['gone']!.answer = () => {
      outbox.failure = new Error('away');
      return GONE;
    };
    outbox.urgent('a', 'Legal');
    await clock.run(60_000);
    outbox.failure = undefined;
    await clock.run(60_000);
    expect(senders['up']!.tried.some((id) => id.startsWith('webhook.disabled:gone:'))).toBe(true);
    await deliveries.stop();
  });

  it('are kept while the outbox is away', async () => {
    const { clock, outbox, senders, deliveries } = aScene({ up: {} });
    outbox.urgent('a', 'Legal');
    outbox.failure = new Error('away');
    await clock.run(60_000);
    outbox.failure = undefined;
    await clock.run(60_000);
    expect(senders['up']!.tried).toEqual(['ticket.urgent:a']);
    await deliveries.stop();
  });
});
