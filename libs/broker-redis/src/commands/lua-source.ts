import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SmartSupportError } from '@smart-support/contracts';

/** The Lua files stand beside the sources, which are packed too; from `dist` it is as far to them as from `src`. */
const DIRECTORY = join(__dirname, '../../src/lua');

/** Every Lua command, by the name of its file. */
export const COMMANDS = [
  'accept',
  'acknowledge-event',
  'adopt',
  'announce-worker',
  'claim',
  'claim-by-id',
  'claim-events',
  'commit',
  'complete',
  'decide-incident',
  'emit-incident-events',
  'fail',
  'get-incident',
  'heartbeat',
  'list-agents',
  'list-dead',
  'list-doubtful-members',
  'list-incidents',
  'list-members',
  'list-open-tickets',
  'list-workers',
  'next-work',
  'open-incident',
  'pass-on',
  'put-agent',
  'recount-domains',
  'release',
  'remove-agent',
  'remove-dead',
  'report',
  'retry-dead',
  'retry-event-later',
  'seed-agents',
  'settle-members',
  'storm-append',
  'storm-load',
  'storm-load-part',
  'storm-read',
  'storm-rules',
  'storm-save',
  'storm-save-part',
  'storm-tick',
  'storm-write',
  'sweep',
  'sync-incident',
  'unlink-member',
  'watch-load',
  'watch-mark',
  'watch-save',
] as const;

/** One of {@link COMMANDS}. */
export type Command = (typeof COMMANDS)[number];

/**
 * Commands whose answer is acted upon outside: a client counts on its ticket, a gateway lets go of it, an agent goes on to the next, an operator
 * believes that it is done, a webhook leaves. What the others write may be lost at a failover: it is then done again.
 */
export const CONFIRMED: ReadonlySet<Command> = new Set<Command>([
  'accept',
  'adopt',
  'claim-events',
  'complete',
  'decide-incident',
  'open-incident',
  'put-agent',
  'remove-agent',
  'remove-dead',
  'retry-dead',
  'unlink-member',
]);

const USES = /^-- uses: (?<names>[a-z-]+(?:, [a-z-]+)*)$/m;

/**
 * A command's Lua: the shared parts that its header names after `-- uses:`, in that order, then its own lines. The order matters, because
 * Lua knows a local only below its line: `domain` comes first, `slots` needs `lanes` and `agents` before it, `ranking` needs `agents`.
 */
export function luaSource(command: Command): string {
  const body = readFileSync(join(DIRECTORY, `${command}.lua`), 'utf8');
  const names = USES.exec(body)?.groups?.['names'];
  if (names === undefined) throw new SmartSupportError('internal', `${command}.lua does not say what it uses`);
  const shared = names.split(', ');
  return [...shared.map((name) => readFileSync(join(DIRECTORY, 'shared', `${name}.lua`), 'utf8')), body].join('\n');
}
