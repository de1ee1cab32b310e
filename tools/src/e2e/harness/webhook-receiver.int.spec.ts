import { Webhook } from 'standardwebhooks';
import { type ReceiverBehaviour, WebhookReceiver } from './webhook-receiver';

const BODY = JSON.stringify({ type: 'ticket.urgent', data: { id: 'ticket-1' } });

describe('the receiver of webhooks', () => {
  let receiver: WebhookReceiver;
  let mood: ReceiverBehaviour;

  beforeEach(async () => {
    mood = 'friendly';
    receiver = await WebhookReceiver.start(() => mood);
  });
  afterEach(() => receiver.close());

  const post = async (id: string, body = BODY, secret = receiver.secret): Promise<number> => {
    const now = new Date();
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, now, body),
    };
    return (await fetch(receiver.url, { method: 'POST', headers, body })).status;
  };

  it('records what it got, and what it answered 2xx', async () => {
    expect(await post('one')).toBe(204);
    mood = 'error';
    expect(await post('two')).toBe(500);
    expect(receiver.webhooks).toMatchObject([
      { id: 'one', type: 'ticket.urgent', about: 'ticket-1', tries: 1, delivered: 1 },
      { id: 'two', type: 'ticket.urgent', about: 'ticket-1', tries: 1, delivered: 0 },
    ]);
    expect(receiver.deliveredCount).toBe(1);
  });

  it('sees when the bodies of one id differ', async () => {
    await post('one');
    await post('one');
    await post('two');
    await post('two', `${BODY} `);
    expect(receiver.webhooks.map(({ bodies }) => bodies.size)).toEqual([1, 2]);
  });

  it('notes when the first request of an id arrived', async () => {
    const before = performance.now();
    await post('one');
    const between = performance.now();
    await post('one');
    expect(receiver.webhooks[0]?.arrivedAt).toBeGreaterThan(before);
    expect(receiver.webhooks[0]?.arrivedAt).toBeLessThan(between);
  });

  it('does not take what is not signed with its secret', async () => {
    expect(await post('one', BODY, `whsec_${'A'.repeat(32)}`)).toBe(400);
    expect(await post('two', '{"data":{}}')).toBe(400);
    expect(receiver.webhooks).toEqual([]);
    expect(receiver.refusedCount).toBe(2);
  });
});
