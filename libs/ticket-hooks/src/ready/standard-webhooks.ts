import { ONE_TICKET_BYTES, type ReadyMapping } from './ready-mapping';

/** A message after standardwebhooks.com whose `data` is a ticket, under the names that are usual for its fields. */
export const standardWebhooks: ReadyMapping = {
  verify: { scheme: 'standard_webhooks' },
  ticket: {
    id: '$.data.id',
    text: ['$.data.text', '$.data.description', '$.data.body', '$.data.message'],
    subject: ['$.data.subject', '$.data.title'],
    requester: ['$.data.requester', '$.data.requester.email', '$.data.email'],
    channel: ['$.data.channel', { literal: 'webhook' }],
    metadata: { type: '$.type' },
  },
  max_bytes: ONE_TICKET_BYTES,
};
