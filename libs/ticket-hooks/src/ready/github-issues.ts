import { ONE_TICKET_BYTES, type ReadyMapping } from './ready-mapping';

/** The issues event of a repository or organisation on GitHub. Events about other things have no issue that is opened or closed. */
export const githubIssues: ReadyMapping = {
  verify: { scheme: 'hmac', header: 'x-hub-signature-256', algorithm: 'sha256', encoding: 'hex', prefix: 'sha256=' },
  accept_if: [{ path: '$.action', is: 'opened' }],
  resolved_if: [{ path: '$.action', is: 'closed' }],
  ticket: {
    id: '$.issue.id',
    text: '$.issue.body',
    subject: '$.issue.title',
    requester: '$.issue.user.login',
    channel: { literal: 'github' },
    metadata: {
      repository: '$.repository.full_name',
      number: '$.issue.number',
      url: '$.issue.html_url',
      labels: '$.issue.labels[*].name',
    },
  },
  max_bytes: ONE_TICKET_BYTES,
};
