import { WEBHOOK_SECRET_FORM, webhookSecretSchema } from '@smart-support/contracts';
import type { SettingKind } from './setting';

/** The secret that signs webhooks, as Standard Webhooks writes it: base64, with or without its prefix. */
export const webhookSecret: SettingKind<string> = {
  schema: webhookSecretSchema,
  allowed: `${WEBHOOK_SECRET_FORM} (\`openssl rand -base64 32\` makes one)`,
};
