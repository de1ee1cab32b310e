import { ONE_TICKET_BYTES, type ReadyMapping } from './ready-mapping';

/** Webhooks of a Chatwoot account. The first message of a customer opens the ticket of a conversation; later ones are repeats of its id. */
export const chatwoot: ReadyMapping = {
  verify: {
    scheme: 'hmac',
    header: 'x-chatwoot-signature',
    algorithm: 'sha256',
    encoding: 'hex',
    prefix: 'sha256=',
    timestamp: { header: 'x-chatwoot-timestamp', separator: '.' },
  },
  accept_if: [
    { path: '$.event', is: 'message_created' },
    { path: '$.message_type', is: 'incoming' },
  ],
  resolved_if: [
    { path: '$.event', is: 'conversation_status_changed' },
    { path: '$.status', is: 'resolved' },
  ],
  ticket: {
    // A changed conversation is the payload itself.
    id: ['$.conversation.id', '$.conversation.display_id', '$.id'],
    text: '$.content',
    subject: '$.conversation.additional_attributes.mail_subject',
    requester: ['$.sender.email', '$.sender.phone_number', '$.sender.identifier', '$.sender.id'],
    channel: ['$.conversation.channel', { literal: 'chatwoot' }],
    metadata: { inbox: '$.inbox.name', message: '$.id' },
  },
  max_bytes: ONE_TICKET_BYTES,
};
