import { createHmac } from 'node:crypto';
import { NOW, readyReceiver, received } from '../spec-support/ready-webhook';

const KEY = Buffer.alloc(24, 5);
const receiver = readyReceiver('standard_webhooks', `whsec_${KEY.toString('base64')}`);

/** After https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
function receive(data: object) {
  const body = JSON.stringify({ type: 'ticket.created', timestamp: '2026-12-01T08:29:59Z', data });
  const [id, time] = ['msg_31', String(NOW / 1000)];
  const signature = createHmac('sha256', KEY).update(`${id}.${time}.${body}`).digest('base64');
  const headers = { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${signature}` };
  return received(receiver, body, headers);
}

it('a message about a ticket opens one', () => {
  const data = { id: 'T-9', title: 'Refund', body: 'Where is it?', requester: { email: 'lea@example.com' } };
  expect(receive(data)).toEqual([
    {
      action: 'open',
      input: {
        id: 'desk:T-9',
        subject: 'Refund',
        text: 'Where is it?',
        requester: 'lea@example.com',
        channel: 'webhook',
        metadata: { type: 'ticket.created' },
      },
    },
  ]);
});

it('one without an id is ignored', () => {
  expect(receive({ text: 'Where is it?' })).toMatchObject([{ action: 'ignore' }]);
});
