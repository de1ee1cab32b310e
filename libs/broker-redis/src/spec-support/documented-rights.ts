import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RedisServer } from '@smart-support/testing';

const DOCUMENT = join(__dirname, '../../../../docs/operations.md');

/** The user and the rules of the command `ACL SETUSER` in the operators' documentation. */
export function documentedRights(): string[] {
  const rule = /^ACL SETUSER (?<rule>.+)$/m.exec(readFileSync(DOCUMENT, 'utf8'))?.groups?.['rule'];
  if (rule === undefined) throw new Error('docs/operations.md has no line that begins with ACL SETUSER');
  return rule.split(' ');
}

/** The commands and channels that the documentation gives a user of sentinels. */
export function documentedSentinelRights(): string[] {
  const line = /A user of sentinels needs (?<rights>.+)\.$/m.exec(readFileSync(DOCUMENT, 'utf8'))?.groups?.['rights'];
  const rights = line?.match(/[+&][\w+|-]+/g);
  if (!rights) throw new Error('docs/operations.md does not say what a user of sentinels needs');
  return [...rights];
}

/** The commands that the documented user may run. */
export function documentedCommands(): string[] {
  return documentedRights().flatMap((part) => (part.startsWith('+') ? [part.slice(1)] : []));
}

/** Creates the documented user, for the routing domains of tests. @returns the address of the server for this user */
export async function asDocumentedUser(server: RedisServer): Promise<Pick<RedisServer, 'url'>> {
  const [user = '', ...rules] = documentedRights();
  const secret = 'a-secret';
  const ours = rules.map((rule) => (rule.startsWith('>') ? `>${secret}` : rule.replace('{smart-support}', '{test-*}')));
  await server.command('ACL', 'SETUSER', user, ...ours);
  // Resets the ACL log, so that refused commands are found in it.
  await server.command('ACL', 'LOG', 'RESET');
  return { url: `redis://${user}:${secret}@127.0.0.1:${server.port}` };
}
