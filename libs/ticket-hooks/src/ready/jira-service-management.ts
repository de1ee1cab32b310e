import { ONE_TICKET_BYTES, type ReadyMapping } from './ready-mapping';

/** Webhooks that an administrator of Jira creates, for the issues of a service project. */
export const jiraServiceManagement: ReadyMapping = {
  verify: { scheme: 'hmac', header: 'x-hub-signature', algorithm: 'sha256', encoding: 'hex', prefix: 'sha256=' },
  accept_if: [{ path: '$.webhookEvent', is: 'jira:issue_created' }],
  resolved_if: [
    { path: '$.webhookEvent', is: 'jira:issue_updated' },
    { path: '$.issue.fields.status.statusCategory.key', is: 'done' },
  ],
  ticket: {
    id: '$.issue.id',
    // A text, or a document in Atlassian's format with texts at its leaves.
    text: ['$.issue.fields.description', '$.issue.fields.description..text'],
    subject: '$.issue.fields.summary',
    requester: [
      '$.issue.fields.reporter.emailAddress',
      '$.issue.fields.reporter.accountId',
      '$.issue.fields.reporter.name',
    ],
    channel: { literal: 'jira' },
    metadata: {
      key: '$.issue.key',
      project: '$.issue.fields.project.key',
      type: '$.issue.fields.issuetype.name',
      priority: '$.issue.fields.priority.name',
    },
  },
  max_bytes: ONE_TICKET_BYTES,
};
