import { hmac, readyReceiver, received } from '../spec-support/ready-webhook';

/** After https://docs.github.com/en/webhooks/webhook-events-and-payloads#issues */
const event = (action: string) => ({
  action,
  issue: {
    id: 2871100345,
    number: 44,
    title: 'Export fails',
    body: 'The export stops at 99 %.',
    html_url: 'https://github.com/example/app/issues/44',
    state: 'open',
    user: { login: 'octavia', id: 5, type: 'User' },
    labels: [{ id: 1, name: 'bug' }],
  },
  repository: { id: 9, full_name: 'example/app', private: true },
  sender: { login: 'octavia', id: 5 },
});

const receiver = readyReceiver('github_issues');

function receive(payload: object) {
  const body = JSON.stringify(payload);
  return received(receiver, body, {
    'x-github-event': 'issues',
    'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    'x-hub-signature': `sha1=${hmac('sha1', 'hex', body)}`,
    'x-hub-signature-256': `sha256=${hmac('sha256', 'hex', body)}`,
  });
}

it('an issue that is opened opens a ticket', () => {
  expect(receive(event('opened'))).toEqual([
    {
      action: 'open',
      input: {
        id: 'desk:2871100345',
        subject: 'Export fails',
        text: 'The export stops at 99 %.',
        requester: 'octavia',
        channel: 'github',
        metadata: {
          repository: 'example/app',
          number: 44,
          url: 'https://github.com/example/app/issues/44',
          labels: 'bug',
        },
      },
    },
  ]);
});

it('an issue without a text is its title', () => {
  const { issue, ...others } = event('opened');
  expect(receive({ ...others, issue: { ...issue, body: null } })).toMatchObject([{ action: 'open' }]);
});

it('one that is closed completes it', () => {
  expect(receive(event('closed'))).toEqual([{ action: 'resolve', id: 'desk:2871100345' }]);
});

it('other actions, the ping of a new webhook and pull requests are ignored', () => {
  const { issue: pull_request, ...others } = event('opened');
  for (const payload of [event('labeled'), { zen: 'Keep it simple.', hook_id: 1 }, { ...others, pull_request }]) {
    expect(receive(payload)).toMatchObject([{ action: 'ignore' }]);
  }
});
