import { type InputIssue, type SecretSources, invalid, issuesOf } from '@smart-support/contracts';
import { z } from 'zod';
import { READY_MAPPINGS } from '../ready/ready-mappings';
import type { HookSource } from './hook-source';
import { sourceSchema } from './source-schema';

const MAX_SOURCES = 100;

const NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/;

/**
 * Reads a mapping file: `{ "sources": { "<name>": { ... } } }`. Each source says how its webhooks are checked (`verify`), where a ticket's fields stand in them
 * (`ticket`), and which of them open or complete a ticket (`accept_if`, `resolved_if`); or it `uses` a ready mapping, of which its own fields override those of the
 * same name.
 * @param json - text of the file
 * @param secrets - where secrets come from that the file names and does not contain
 * @throws SmartSupportError `invalid_config` that names every problem with its place, and quotes neither the file nor a secret
 */
export function parseHookSources(json: string, secrets: SecretSources = {}): readonly HookSource[] {
  const result = z
    .strictObject({
      sources: z
        .record(z.string().regex(NAME, 'must be 1 to 32 small letters, digits or _ -'), z.unknown())
        .refine((sources) => Object.keys(sources).length <= MAX_SOURCES, `must have at most ${MAX_SOURCES} entries`),
    })
    .safeParse(parsed(json));
  if (!result.success) throw wrong(issuesOf(result.error));
  const schema = sourceSchema(secrets);
  const issues: InputIssue[] = [];
  const sources: HookSource[] = [];
  for (const [name, written] of Object.entries(result.data.sources)) {
    const checked = schema.safeParse(withReadyMapping(written));
    if (checked.success) {
      const { uses: _uses, domain = `hooks.${name}`, ...source } = checked.data;
      sources.push({ name, domain, ...source });
    } else {
      issues.push(...issuesOf(checked.error).map(({ path, message }) => ({ path: placeOf(name, path), message })));
    }
  }
  if (issues.length > 0) throw wrong(issues);
  return sources;
}

function placeOf(name: string, path: string): string {
  return path === '' ? `sources.${name}` : `sources.${name}.${path}`;
}

function wrong(issues: readonly InputIssue[]) {
  return invalid('mapping of webhooks', issues, { code: 'invalid_config' });
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // What the parser says quotes the text, in which secrets may stand.
    throw wrong([{ path: '', message: 'is not JSON' }]);
  }
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields of the ready mapping that a source uses, beneath its own. */
function withReadyMapping(written: unknown): unknown {
  if (!isFields(written) || typeof written['uses'] !== 'string') return written;
  const ready = Object.entries(READY_MAPPINGS).find(([name]) => name === written['uses'])?.[1];
  if (!ready) return written;
  return {
    ...ready,
    ...written,
    verify: withOwn(ready.verify, written['verify'], isSameScheme(ready.verify, written['verify'])),
    ticket: withOwn(ready.ticket, written['ticket']),
  };
}

function withOwn(ready: unknown, own: unknown, isMerged = true): unknown {
  if (own === undefined) return ready;
  return isFields(ready) && isFields(own) && isMerged ? { ...ready, ...own } : own;
}

/** Settings of one way to check a webhook mean nothing in another one. */
function isSameScheme(ready: unknown, own: unknown): boolean {
  if (!isFields(ready) || !isFields(own)) return false;
  return own['scheme'] === undefined || own['scheme'] === ready['scheme'];
}
