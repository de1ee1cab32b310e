import { ONE_TICKET_BYTES, type ReadyMapping } from './ready-mapping';

/** Webhooks of Zammad's triggers, with their default payload. */
export const zammad: ReadyMapping = {
  verify: { scheme: 'hmac', header: 'x-hub-signature', algorithm: 'sha1', encoding: 'hex', prefix: 'sha1=' },
  accept_if: [{ path: '$.article.sender', is: 'customer' }],
  resolved_if: [{ path: '$.ticket.state', is: ['closed', 'merged'] }],
  ticket: {
    id: '$.ticket.id',
    text: '$.article.body',
    subject: '$.ticket.title',
    requester: ['$.ticket.customer.email', '$.article.from', '$.ticket.customer.login'],
    channel: ['$.article.type', { literal: 'zammad' }],
    metadata: {
      number: '$.ticket.number',
      group: '$.ticket.group.name',
      priority: '$.ticket.priority.name',
    },
  },
  max_bytes: ONE_TICKET_BYTES,
};
