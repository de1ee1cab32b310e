import { z } from 'zod';
import type { SettingKind } from './setting';

/** The trust domain of one key of the HTTP API. */
export interface KeyDomain {
  /** Name of the key. */
  readonly key: string;
  /** 1 to 64 letters, digits or `. _ -`; empty for the unnamed domain. */
  readonly domain: string;
}

const ENTRY = /^(?<key>[\w.-]{1,64})=(?<domain>[\w.-]{0,64})$/;

/** Problems of one list that its message names; the rest is counted. */
const MAX_PROBLEMS = 20;

/** Keys and their trust domains. Problems name entries by their position alone: a name may be a secret by mistake. */
export const keyDomains: SettingKind<readonly KeyDomain[]> = {
  schema: z.string().transform((text, context) => {
    const domains: KeyDomain[] = [];
    const problems: string[] = [];
    const positions = new Map<string, number>();
    for (const [index, entry] of text.split(',').entries()) {
      const { key, domain } = ENTRY.exec(entry.trim())?.groups ?? {};
      if (key === undefined || domain === undefined) {
        problems.push(`entry ${index + 1}: must be key=domain, each at most 64 letters, digits or . _ -`);
        continue;
      }
      const before = positions.get(key);
      if (before !== undefined) problems.push(`entries ${before} and ${index + 1} have the same key`);
      positions.set(key, index + 1);
      domains.push(Object.freeze({ key, domain }));
    }
    for (const message of problems.slice(0, MAX_PROBLEMS)) context.addIssue({ code: 'custom', message });
    const more = problems.length - MAX_PROBLEMS;
    if (more > 0) context.addIssue({ code: 'custom', message: `and ${more} more problems` });
    return Object.freeze(domains);
  }),
  allowed: 'entries key=domain between commas; the key is one of API_KEYS, an empty domain the unnamed one',
  explains: true,
};

/** The trust domain of a key: the one that it is given, or else one under its own name. */
export function trustDomainOf(key: string, domains: readonly KeyDomain[] = []): string {
  return domains.find((one) => one.key === key)?.domain ?? key;
}
