import { ONE_TICKET_BYTES, type ReadyMapping } from './ready-mapping';

/** The webhook action of Freshdesk's automation rules, with simple content. Freshdesk signs nothing: a custom header carries a secret. */
export const freshdesk: ReadyMapping = {
  verify: { scheme: 'token', header: 'x-hook-token' },
  resolved_if: [{ path: '$.freshdesk_webhook.ticket_status', is: ['resolved', 'closed'] }],
  ticket: {
    id: '$.freshdesk_webhook.ticket_id',
    text: '$.freshdesk_webhook.ticket_description',
    subject: '$.freshdesk_webhook.ticket_subject',
    requester: [
      '$.freshdesk_webhook.ticket_requester_email',
      '$.freshdesk_webhook.ticket_contact_email',
      '$.freshdesk_webhook.requester_email',
    ],
    channel: ['$.freshdesk_webhook.ticket_source', { literal: 'freshdesk' }],
    metadata: {
      priority: '$.freshdesk_webhook.ticket_priority',
      url: '$.freshdesk_webhook.ticket_url',
      company: '$.freshdesk_webhook.ticket_company_name',
    },
  },
  max_bytes: ONE_TICKET_BYTES,
};
