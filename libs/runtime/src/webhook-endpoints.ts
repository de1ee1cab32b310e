import type { WebhookEndpoint } from '@smart-support/contracts';
import { parseWebhookEndpoints } from '@smart-support/webhooks';
import { readSettingsFile, readTextFile } from './settings-file';

/**
 * The endpoints of the file that `WEBHOOKS_FILE` names.
 * @param file - path of the file (`config.webhooks.endpointsFile`)
 * @returns `undefined` without a file
 * @param environment - where secrets may stand that the file names
 * @throws SmartSupportError `invalid_config` that says why the file cannot be read, or everything that is wrong in it
 */
export function readWebhookEndpoints(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): readonly WebhookEndpoint[] | undefined {
  if (file === undefined) return undefined;
  return parseWebhookEndpoints(readSettingsFile('WEBHOOKS_FILE', file), { environment, readFile: readTextFile });
}
