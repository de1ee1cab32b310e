import { REDIS_URL_FORMS, isHttpUrl, parseRedisUrl } from '@smart-support/contracts';
import { z } from 'zod';
import type { SettingKind } from './setting';

/** Where Redis is, in every form that the broker can follow. Messages name what is wrong and repeat nothing: it may be a secret. */
export const redisAddress: SettingKind<string> = {
  schema: z.string().superRefine((text, context) => {
    try {
      parseRedisUrl(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
    }
  }),
  allowed: `one of ${REDIS_URL_FORMS}`,
  explains: true,
};

/** The address of a web server. */
export const webAddress: SettingKind<string> = {
  schema: z.string().max(4096).refine(isHttpUrl),
  allowed: 'an http:// or https:// address',
};

/** Parsers of addresses drop white space and control characters in silence; here they are refused. */
const visibleAscii = z
  .string()
  .max(4096)
  .regex(/^[\x21-\x7e]+$/);

/** Where the API of a gateway begins. Without a user, which no call could carry beside its key. */
export const apiAddress: SettingKind<string> = {
  schema: visibleAscii.regex(/^https?:\/\/[^/?#\\@]+(?:\/[^?#\\]*)?$/i).refine((text) => parsed(text) !== undefined),
  allowed: 'an http:// or https:// address without a user, a query or a fragment',
};

/** An IMAP server and the user there. Without a password: it would stand in logs of whoever shows an address. */
export const imapAddress: SettingKind<string> = {
  schema: visibleAscii.regex(/^imaps?:\/\/[^/?#\\:@]+@[^/?#\\@]+\/?$/).refine((text) => {
    const url = parsed(text);
    return url !== undefined && url.port !== '0' && isPercentEncoded(url.username);
  }),
  allowed:
    'imaps://user@host[:port] or imap://user@host[:port], the user percent-encoded (%40 for @) and without a password',
};

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function parsed(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
