import { NOW, hmac, readyReceiver, received } from '../spec-support/ready-webhook';

/** After https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events/ */
const event = (type: string, detail: object) => ({
  account_id: 2201,
  type: `zen:event-type:ticket.${type}`,
  zendesk_event_version: '2022-11-06',
  id: '8d0c52a4-6c9e-4f3c-9a8a-0f6f2a4b7e11',
  subject: 'zen:ticket:5110',
  time: '2026-12-01T08:29:58Z',
  event: {},
  detail: {
    id: '5110',
    subject: 'Invoice is wrong',
    description: 'We were charged twice in November.',
    requester_id: '39921',
    priority: 'HIGH',
    status: 'NEW',
    tags: ['billing', 'vip'],
    type: 'PROBLEM',
    via: { channel: 'email' },
    ...detail,
  },
});

const receiver = readyReceiver('zendesk');

/** After https://developer.zendesk.com/documentation/webhooks/verifying/ */
function receive(payload: object) {
  const time = new Date(NOW).toISOString();
  const body = JSON.stringify(payload);
  return received(receiver, body, {
    'x-zendesk-webhook-signature': hmac('sha256', 'base64', time, body),
    'x-zendesk-webhook-signature-timestamp': time,
  });
}

it('a new ticket of Zendesk opens one', () => {
  expect(receive(event('created', {}))).toEqual([
    {
      action: 'open',
      input: {
        id: 'desk:5110',
        subject: 'Invoice is wrong',
        text: 'We were charged twice in November.',
        requester: '39921',
        channel: 'email',
        metadata: { priority: 'HIGH', type: 'PROBLEM', tags: 'billing\nvip' },
      },
    },
  ]);
});

it('one that is solved or closed completes it', () => {
  for (const status of ['SOLVED', 'CLOSED']) {
    expect(receive(event('status_changed', { status }))).toEqual([{ action: 'resolve', id: 'desk:5110' }]);
  }
});

it('everything else is ignored', () => {
  for (const payload of [event('status_changed', { status: 'OPEN' }), event('comment_added', { status: 'SOLVED' })]) {
    expect(receive(payload)).toMatchObject([{ action: 'ignore' }]);
  }
});
