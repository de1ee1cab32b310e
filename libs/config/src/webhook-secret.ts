import { z } from 'zod';
import type { SettingKind } from './setting';

const PREFIX = 'whsec_';
const MIN_BYTES = 24;
const MAX_BYTES = 64;

/** The secret that signs webhooks, as Standard Webhooks writes it: base64, with or without its prefix. */
export const webhookSecret: SettingKind<string> = {
  schema: z.string().refine((text) => {
    const base64 = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : text;
    const bytes = Buffer.from(base64, 'base64');
    // Decoding skips whatever is no base64: only what comes out again unchanged was all of it.
    return bytes.toString('base64') === base64 && bytes.length >= MIN_BYTES && bytes.length <= MAX_BYTES;
  }),
  allowed: `base64 of ${MIN_BYTES} to ${MAX_BYTES} bytes, with or without ${PREFIX} in front (\`openssl rand -base64 32\` makes one)`,
};
