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
