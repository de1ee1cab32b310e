import type { SecretSources } from '@smart-support/contracts';
import type { HookSource } from '../mapping/hook-source';
import { parseHookSources } from '../mapping/parse-hook-sources';

/** A secret that is long enough. */
export const SECRET = 'a-secret-that-is-shared';

/** The source `desk` of a mapping file with this entry. */
export function sourceOf(entry: object, secrets?: SecretSources): HookSource {
  const [source] = parseHookSources(JSON.stringify({ sources: { desk: entry } }), secrets);
  if (!source) throw new Error('there is no source');
  return source;
}

/** A source that checks nothing and reads `id` and `text`, but for what is said otherwise. */
export const openSource = (entry: object = {}): HookSource =>
  sourceOf({ verify: { scheme: 'none' }, ticket: { id: '$.id', text: '$.text' }, ...entry });
