import {
  type InputIssue,
  MAX_WEBHOOK_ENDPOINTS,
  type SecretSources,
  type WebhookEndpoint,
  invalid,
  issuesOf,
  secretSchema,
  webhookEndpointSchemaWith,
  webhookSecretSchema,
} from '@smart-support/contracts';
import { z } from 'zod';

const fileSchema = z.strictObject({ endpoints: z.array(z.unknown()).max(MAX_WEBHOOK_ENDPOINTS) });

/**
 * Reads the file of `WEBHOOKS_FILE`: `{ "endpoints": [{ "id": "...", "url": "...", ... }] }`. Secrets stand in it as texts, or it names where they are:
 * `{ "env": "NAME" }`, `{ "file": "path" }`.
 * @param json - text of the file
 * @param secrets - where secrets come from that the file names and does not contain
 * @throws SmartSupportError `invalid_config` that names every problem with its place, and quotes neither a URL nor a secret
 */
export function parseWebhookEndpoints(json: string, secrets: SecretSources = {}): readonly WebhookEndpoint[] {
  const file = fileSchema.safeParse(parsed(json));
  if (!file.success) throw wrong(issuesOf(file.error));
  const schema = webhookEndpointSchemaWith(secretSchema(secrets).pipe(webhookSecretSchema));
  const endpoints: WebhookEndpoint[] = [];
  const issues: InputIssue[] = [];
  const ids = new Set<unknown>();
  for (const [index, written] of file.data.endpoints.entries()) {
    const place = `endpoints.${index}`;
    const { success, data, error } = schema.safeParse(written);
    if (success) endpoints.push(data);
    else
      issues.push(
        ...issuesOf(error).map(({ path, message }) => ({ path: path ? `${place}.${path}` : place, message })),
      );
    // Not of the checked endpoint: a duplicate is one whatever else is wrong with it.
    const id = (written as { readonly id?: unknown } | null)?.id;
    if (typeof id === 'string' && ids.has(id))
      issues.push({ path: `${place}.id`, message: 'is the id of another endpoint' });
    ids.add(id);
  }
  if (issues.length > 0) throw wrong(issues);
  return endpoints;
}

function wrong(issues: readonly InputIssue[]) {
  return invalid('file of webhook endpoints', issues, { code: 'invalid_config' });
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // What the parser says quotes the text, in which secrets may stand.
    throw wrong([{ path: '', message: 'is not JSON' }]);
  }
}
