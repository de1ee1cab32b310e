import { z } from 'zod';
import type { SettingKind } from './setting';

/** Parsers of addresses drop white space and control characters in silence; here they are refused. */
const visibleAscii = z
  .string()
  .max(4096)
  .regex(/^[\x21-\x7e]+$/);

const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])$/i;
const DATABASE = /^(?:\/\d{0,5})?$/;

/**
 * The address of a Redis server. Nothing may follow the number of the database: clients take what stands behind `?`
 * as options that overrule ours, and an unescaped `?` or `#` in a password would cut the address short.
 */
export const redisAddress: SettingKind<string> = {
  schema: visibleAscii.regex(/^rediss?:\/\//).refine((text) => {
    const url = parsed(text);
    if (!url || !HOST.test(url.hostname) || !DATABASE.test(url.pathname) || /[?#]/.test(text)) return false;
    return isWellEncoded(url.username) && isWellEncoded(url.password);
  }),
  allowed:
    'an address redis://[user:password@]host[:port][/database], or rediss:// for TLS; special characters of the password percent-encoded, no options behind it',
};

/** The address of a web server. */
export const webAddress: SettingKind<string> = {
  // A parser would mend a missing slash or host with whatever comes next.
  schema: visibleAscii.regex(/^https?:\/\/[^/?#\\]/i).refine((text) => parsed(text) !== undefined),
  allowed: 'an http:// or https:// address',
};

function parsed(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** Whether what is percent-encoded can be decoded; the client would throw otherwise. */
function isWellEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
