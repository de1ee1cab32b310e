import { alertmanager } from './alertmanager';
import { chatwoot } from './chatwoot';
import { freshdesk } from './freshdesk';
import { githubIssues } from './github-issues';
import { jiraServiceManagement } from './jira-service-management';
import type { ReadyMapping } from './ready-mapping';
import { standardWebhooks } from './standard-webhooks';
import { zammad } from './zammad';
import { zendesk } from './zendesk';

/** The mappings that a source of a mapping file may use, by name. */
export const READY_MAPPINGS = {
  alertmanager,
  chatwoot,
  freshdesk,
  github_issues: githubIssues,
  jira_service_management: jiraServiceManagement,
  standard_webhooks: standardWebhooks,
  zammad,
  zendesk,
} as const satisfies Readonly<Record<string, ReadyMapping>>;

/** Name of a ready mapping. */
export type ReadyMappingName = keyof typeof READY_MAPPINGS;
