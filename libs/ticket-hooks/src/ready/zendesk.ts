import { ONE_TICKET_BYTES, type ReadyMapping } from './ready-mapping';

/** Ticket events of Zendesk. */
export const zendesk: ReadyMapping = {
  verify: {
    scheme: 'hmac',
    header: 'x-zendesk-webhook-signature',
    algorithm: 'sha256',
    encoding: 'base64',
    timestamp: { header: 'x-zendesk-webhook-signature-timestamp' },
  },
  accept_if: [{ path: '$.type', is: 'zen:event-type:ticket.created' }],
  resolved_if: [
    { path: '$.type', is: 'zen:event-type:ticket.status_changed' },
    { path: '$.detail.status', is: ['solved', 'closed'] },
  ],
  ticket: {
    id: '$.detail.id',
    text: '$.detail.description',
    subject: '$.detail.subject',
    requester: '$.detail.requester_id',
    channel: ['$.detail.via.channel', { literal: 'zendesk' }],
    metadata: { priority: '$.detail.priority', type: '$.detail.type', tags: '$.detail.tags[*]' },
  },
  max_bytes: ONE_TICKET_BYTES,
};
