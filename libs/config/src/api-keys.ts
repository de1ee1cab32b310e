import { z } from 'zod';
import type { SettingKind } from './setting';

const ROLES = ['ingest', 'agent', 'operator'] as const;

/** What the holder of a key may do: send tickets, work on them as an agent's desk, or everything. */
export type ApiRole = (typeof ROLES)[number];

/** One key that opens the HTTP API. */
export interface ApiKey {
  /** Identifies the key in the log; no secret. */
  readonly name: string;
  readonly role: ApiRole;
  /** 16 to 1024 visible ASCII characters without a comma, so that they fit into a header and into the list. */
  readonly secret: string;
}

const NAME = /^[\w.-]{1,64}$/;
const SECRET = /^[\x21-\x2b\x2d-\x7e]{16,1024}$/;

/** The secret of one key, as a caller sends it. */
export const apiKeySecret: SettingKind<string> = {
  schema: z.string().regex(SECRET),
  allowed: '16 to 1024 visible ASCII characters without a comma',
};

/** Problems of one list that its message names; the rest is counted. */
const MAX_PROBLEMS = 20;

/** What became of one entry of the list. */
interface ReadEntry {
  /** Left out where something is wrong. */
  readonly key?: ApiKey;
  readonly wrong: readonly string[];
}

/**
 * Reads entries between commas; white space around an entry does not count.
 * Problems name entries by their position alone: where parts are mixed up, the name may be the secret.
 */
function readApiKeys(text: string): { readonly keys: readonly ApiKey[]; readonly problems: readonly string[] } {
  const entries = text.split(',').map((entry) => readEntry(entry.trim()));
  const problems = entries.flatMap(({ wrong }, index) => wrong.map((problem) => `entry ${index + 1}: ${problem}`));
  for (const part of ['name', 'secret'] as const) {
    const positions = new Map<string, number>();
    for (const [index, { key }] of entries.entries()) {
      if (!key) continue;
      const before = positions.get(key[part]);
      if (before === undefined) positions.set(key[part], index + 1);
      else problems.push(`entries ${before} and ${index + 1} have the same ${part}`);
    }
  }
  return { keys: entries.flatMap(({ key }) => key ?? []), problems };
}

function readEntry(entry: string): ReadEntry {
  const [name = '', role = '', ...rest] = entry.split(':');
  if (rest.length === 0) return { wrong: ['must be name:role:secret'] };
  // Colons are welcome in a secret.
  const secret = rest.join(':');
  const known = ROLES.find((candidate) => candidate === role);
  const wrong = [
    ...(NAME.test(name) ? [] : ['the name must be 1 to 64 letters, digits or . _ -']),
    ...(known ? [] : [`the role must be one of ${ROLES.join(', ')}`]),
    ...(SECRET.test(secret) ? [] : ['the secret must be 16 to 1024 visible ASCII characters without a comma']),
  ];
  return known && wrong.length === 0 ? { key: Object.freeze({ name, role: known, secret }), wrong } : { wrong };
}

/** The keys of the HTTP API. Names and secrets are unique. */
export const apiKeys: SettingKind<readonly ApiKey[]> = {
  schema: z.string().transform((text, context) => {
    const { keys, problems } = readApiKeys(text);
    for (const message of problems.slice(0, MAX_PROBLEMS)) context.addIssue({ code: 'custom', message });
    const more = problems.length - MAX_PROBLEMS;
    if (more > 0) context.addIssue({ code: 'custom', message: `and ${more} more problems` });
    return Object.freeze(keys);
  }),
  allowed: `entries name:role:secret between commas; the role is one of ${ROLES.join(', ')}, the secret 16 characters or more`,
  explains: true,
};
