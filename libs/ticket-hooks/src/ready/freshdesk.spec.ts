import { readyReceiver, received } from '../spec-support/ready-webhook';
import { SECRET } from '../spec-support/sources';

/** What a rule with simple content sends, after https://support.freshdesk.com/support/solutions/articles/132589 */
const ticket = (status: string) => ({
  freshdesk_webhook: {
    ticket_id: 812,
    ticket_subject: 'Cannot log in',
    ticket_description: '<div>The <b>password</b> is refused since noon.</div>',
    ticket_url: 'https://example.freshdesk.com/helpdesk/tickets/812',
    ticket_status: status,
    ticket_priority: 'Medium',
    ticket_source: 'Portal',
    ticket_requester_email: 'noor@example.com',
    ticket_company_name: null,
  },
});

const receiver = readyReceiver('freshdesk');
/** Nothing is signed: a header that the rule sends carries the secret. */
const receive = (payload: object) => received(receiver, JSON.stringify(payload), { 'x-hook-token': SECRET }, false);

it('a ticket of Freshdesk opens one', () => {
  expect(receive(ticket('Open'))).toEqual([
    {
      action: 'open',
      input: {
        id: 'desk:812',
        subject: 'Cannot log in',
        text: '<div>The <b>password</b> is refused since noon.</div>',
        requester: 'noor@example.com',
        channel: 'Portal',
        metadata: { priority: 'Medium', url: 'https://example.freshdesk.com/helpdesk/tickets/812' },
      },
    },
  ]);
});

it('one that is resolved or closed completes it', () => {
  for (const status of ['Resolved', 'Closed']) {
    expect(receive(ticket(status))).toEqual([{ action: 'resolve', id: 'desk:812' }]);
  }
});
