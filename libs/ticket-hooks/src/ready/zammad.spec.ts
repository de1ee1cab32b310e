import { hmac, readyReceiver, received } from '../spec-support/ready-webhook';

/** After https://admin-docs.zammad.org/en/latest/manage/webhook/payload.html */
const payload = (ticket: object, article: object) => ({
  ticket: {
    id: 640,
    number: '20640',
    title: 'Contract question',
    state: 'new',
    customer: { id: 12, email: 'sole@example.com', login: 'sole@example.com' },
    group: { id: 2, name: 'Legal desk' },
    priority: { id: 3, name: '3 high' },
    ...ticket,
  },
  article: {
    id: 1881,
    body: 'May we end the contract early?',
    content_type: 'text/plain',
    from: 'Sole Ruiz <sole@example.com>',
    sender: 'Customer',
    type: 'email',
    internal: false,
    ...article,
  },
});

const receiver = readyReceiver('zammad');

function receive(ticket: object, article: object = {}) {
  const body = JSON.stringify(payload(ticket, article));
  return received(receiver, body, {
    'x-hub-signature': `sha1=${hmac('sha1', 'hex', body)}`,
    'x-zammad-trigger': 'Smart-Support',
    'x-zammad-delivery': '0b4d0f0e-7a67-4b9e-8a38-0d5f1c5d4e77',
  });
}

it('an article of a customer opens the ticket of Zammad', () => {
  expect(receive({})).toEqual([
    {
      action: 'open',
      input: {
        id: 'desk:640',
        subject: 'Contract question',
        text: 'May we end the contract early?',
        requester: 'sole@example.com',
        channel: 'email',
        metadata: { number: '20640', group: 'Legal desk', priority: '3 high' },
      },
    },
  ]);
});

it('one that is closed or merged completes it', () => {
  for (const state of ['closed', 'merged']) {
    expect(receive({ state }, { sender: 'Agent' })).toEqual([{ action: 'resolve', id: 'desk:640' }]);
  }
});

it('articles of agents are ignored', () => {
  expect(receive({ state: 'open' }, { sender: 'Agent' })).toMatchObject([{ action: 'ignore' }]);
});
