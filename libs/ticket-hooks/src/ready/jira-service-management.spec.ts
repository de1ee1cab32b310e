import { hmac, readyReceiver, received } from '../spec-support/ready-webhook';

/** After https://developer.atlassian.com/cloud/jira/platform/webhooks/ */
const event = (webhookEvent: string, fields: object) => ({
  timestamp: 1796113798000,
  webhookEvent,
  user: { accountId: '5b10a2844c20165700ede21g', displayName: 'Kai' },
  issue: {
    id: '18231',
    key: 'HELP-93',
    self: 'https://example.atlassian.net/rest/api/2/18231',
    fields: {
      summary: 'Printer offline',
      description: 'The printer on floor 2 answers nothing.',
      issuetype: { name: '[System] Incident' },
      priority: { name: 'High' },
      project: { key: 'HELP' },
      reporter: { accountId: '5b10a2844c20165700ede21g', displayName: 'Kai', emailAddress: 'kai@example.com' },
      status: { name: 'Waiting for support', statusCategory: { key: 'new' } },
      ...fields,
    },
  },
});

const receiver = readyReceiver('jira_service_management');

function receive(webhookEvent: string, fields: object = {}) {
  const body = JSON.stringify(event(webhookEvent, fields));
  return received(receiver, body, { 'x-hub-signature': `sha256=${hmac('sha256', 'hex', body)}` });
}

it('a new issue opens a ticket', () => {
  expect(receive('jira:issue_created')).toEqual([
    {
      action: 'open',
      input: {
        id: 'desk:18231',
        subject: 'Printer offline',
        text: 'The printer on floor 2 answers nothing.',
        requester: 'kai@example.com',
        channel: 'jira',
        metadata: { key: 'HELP-93', project: 'HELP', type: '[System] Incident', priority: 'High' },
      },
    },
  ]);
});

it('a description in the format of Atlassian documents is read, and a reporter without an address is an account', () => {
  const paragraph = (text: string) => ({ type: 'paragraph', content: [{ type: 'text', text }] });
  const description = { type: 'doc', version: 1, content: [paragraph('It beeps.'), paragraph('Twice.')] };
  const reporter = { accountId: 'qm:1:2', displayName: 'Kai' };
  expect(receive('jira:issue_created', { description, reporter })).toMatchObject([
    { input: { text: 'It beeps.\nTwice.', requester: 'qm:1:2' } },
  ]);
});

it('one that is done completes it', () => {
  const status = { name: 'Resolved', statusCategory: { key: 'done' } };
  expect(receive('jira:issue_updated', { status })).toEqual([{ action: 'resolve', id: 'desk:18231' }]);
});

it('everything else is ignored', () => {
  for (const name of ['jira:issue_updated', 'jira:issue_deleted', 'comment_created']) {
    expect(receive(name)).toMatchObject([{ action: 'ignore' }]);
  }
});
