import { NOW, hmac, readyReceiver, received } from '../spec-support/ready-webhook';

/** After https://www.chatwoot.com/hc/user-guide/articles/1677693021-how-to-use-webhooks */
const message = (fields: object) => ({
  event: 'message_created',
  id: 90210,
  content: 'Hello, my parcel has not arrived.',
  content_type: 'text',
  message_type: 'incoming',
  created_at: '2026-12-01 08:29:59 UTC',
  sender: { id: 17, name: 'Ines', email: 'ines@example.com' },
  inbox: { id: 3, name: 'Web shop' },
  conversation: { id: 455, channel: 'Channel::WebWidget', status: 'open', additional_attributes: {} },
  account: { id: 1, name: 'Shop' },
  ...fields,
});

const receiver = readyReceiver('chatwoot');

/** After https://github.com/chatwoot/chatwoot/pull/13573 */
function receive(payload: object) {
  const time = String(NOW / 1000);
  const body = JSON.stringify(payload);
  return received(receiver, body, {
    'x-chatwoot-signature': `sha256=${hmac('sha256', 'hex', time, '.', body)}`,
    'x-chatwoot-timestamp': time,
    'x-chatwoot-delivery': '5f1f3f5e-1c7f-4d59-9f6c-0a62a7c2c1d4',
  });
}

it('a message of a customer opens the ticket of its conversation', () => {
  expect(receive(message({}))).toEqual([
    {
      action: 'open',
      input: {
        id: 'desk:455',
        text: 'Hello, my parcel has not arrived.',
        requester: 'ines@example.com',
        channel: 'Channel::WebWidget',
        metadata: { inbox: 'Web shop', message: 90210 },
      },
    },
  ]);
});

it('a conversation that is resolved completes it', () => {
  const changed = { event: 'conversation_status_changed', id: 455, channel: 'Channel::WebWidget', messages: [] };
  expect(receive({ ...changed, status: 'resolved' })).toEqual([{ action: 'resolve', id: 'desk:455' }]);
  expect(receive({ ...changed, status: 'pending' })).toMatchObject([{ action: 'ignore' }]);
});

it('messages of agents and other events are ignored', () => {
  for (const fields of [{ message_type: 'outgoing' }, { message_type: 'template' }, { event: 'message_updated' }]) {
    expect(receive(message(fields))).toMatchObject([{ action: 'ignore' }]);
  }
});
