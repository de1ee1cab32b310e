import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type InputIssue, type SecretSources, isSmartSupportError } from '@smart-support/contracts';
import * as fc from 'fast-check';
import { READY_MAPPINGS } from '../ready/ready-mappings';
import { SECRET, sourceOf } from '../spec-support/sources';
import { parseHookSources } from './parse-hook-sources';

function refusal(json: string, secrets?: SecretSources) {
  try {
    parseHookSources(json, secrets);
  } catch (error) {
    if (isSmartSupportError(error, 'invalid_config')) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}

const issuesOf = (entry: unknown, secrets?: SecretSources): readonly InputIssue[] =>
  refusal(JSON.stringify({ sources: { desk: entry } }), secrets).issues;
const placesOf = (entry: unknown) => issuesOf(entry).map(({ path }) => path);

const entry = { verify: { scheme: 'token', header: 'X-Token', secret: SECRET }, ticket: { text: '$.text' } };

describe('a mapping file', () => {
  it('gives its sources, each with a trust domain of its own unless it says otherwise', () => {
    const sources = { desk: entry, shop_2: { ...entry, domain: 'shop' }, old: { ...entry, domain: '' } };
    expect(parseHookSources(JSON.stringify({ sources })).map(({ name, domain }) => [name, domain])).toEqual([
      ['desk', 'hooks.desk'],
      ['shop_2', 'shop'],
      ['old', ''],
    ]);
    expect(parseHookSources('{"sources": {}}')).toEqual([]);
  });

  it.each(['', '{', 'sources: {}', `{"sources": ${SECRET}}`])(
    'that is no JSON is refused and not quoted: %j',
    (json) => {
      const { message, issues } = refusal(json);
      expect(issues).toEqual([{ path: '', message: 'is not JSON' }]);
      expect(message).not.toContain(SECRET);
    },
  );

  it.each(['null', '7', '[]', '{}', '{"sources": []}', '{"sources": {}, "more": 1}', '{"sources": {"A b": {}}}'])(
    'in another form is refused: %s',
    (json) => {
      expect(refusal(json).issues).toHaveLength(1);
    },
  );

  it('names every problem of every source at once, with its place', () => {
    const sources = {
      desk: { ...entry, verify: { scheme: 'hmac', header: 'x y', algorithm: 'md5', secret: 'short' }, colour: 'red' },
      shop: { ...entry, ticket: { id: 'id', metadata: { plan: '$[', '1': '$.a' } }, items: '$..a..b', max_bytes: 1 },
      none: {},
      text: 'zendesk',
    };
    expect(
      refusal(JSON.stringify({ sources }))
        .issues.map(({ path }) => path)
        .sort(),
    ).toEqual([
      'sources.desk',
      'sources.desk.verify.algorithm',
      'sources.desk.verify.header',
      'sources.desk.verify.secret',
      'sources.none.ticket',
      'sources.none.verify',
      'sources.shop.items',
      'sources.shop.max_bytes',
      'sources.shop.ticket.id',
      'sources.shop.ticket.metadata.1',
      'sources.shop.ticket.metadata.plan',
      'sources.text',
    ]);
  });

  it('needs a text or a subject, and an id where tickets are completed by it', () => {
    expect(placesOf({ ...entry, ticket: { id: '$.id' } })).toEqual(['sources.desk.ticket.text']);
    const resolved_if = { path: '$.status', is: 'resolved' };
    expect(placesOf({ ...entry, resolved_if })).toEqual(['sources.desk.ticket.id']);
  });

  it('says that a webhook is not checked, or how it is', () => {
    expect(placesOf({ ticket: entry.ticket })).toEqual(['sources.desk.verify']);
    expect(placesOf({ ...entry, verify: {} })).toEqual(['sources.desk.verify.scheme']);
    expect(sourceOf({ ...entry, verify: { scheme: 'none' } }).verify).toEqual({ scheme: 'none' });
  });

  it.each([
    [{ scheme: 'standard_webhooks', secret: 'whsec_this is no base64 at all' }, 'secret'],
    [{ scheme: 'basic', user: 'a:b', password: SECRET }, 'user'],
    [{ scheme: 'hmac', header: 'x', secret: SECRET, timestamp: { header: 'y', tolerance_seconds: 0 } }, 'timestamp'],
  ])('with a check that cannot work is refused: %j', (verify, place) => {
    expect(placesOf({ ...entry, verify })[0]).toContain(place);
  });

  it('is refused or read, whatever it says', () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom('$.a', '$..a', 'zendesk', SECRET, { literal: 'x' }));
    const object = fc.dictionary(
      fc.constantFrom('uses', 'verify', 'ticket', 'items', 'accept_if', 'resolved_if', 'scheme', '__proto__'),
      fc.oneof(value, fc.dictionary(fc.constantFrom('scheme', 'secret', 'header', 'id', 'text', 'path', 'is'), value)),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('desk', 'constructor', '__proto__'), object), (sources) => {
        try {
          parseHookSources(JSON.stringify({ sources }));
        } catch (error) {
          expect(isSmartSupportError(error, 'invalid_config')).toBe(true);
        }
      }),
    );
  });
});

const PAGES = join(__dirname, '../../../../docs/connect');
/** Of a product without webhooks. */
const WITHOUT_MAPPING = ['imap.md'];

it.each(readdirSync(PAGES).filter((page) => !WITHOUT_MAPPING.includes(page)))(
  'the mapping that docs/connect/%s shows can be used as it is',
  (page) => {
    const [, json = ''] = /```json\n([^`]*"sources"[^`]*)```/.exec(readFileSync(join(PAGES, page), 'utf8')) ?? [];
    const names = [...json.matchAll(/"env": "(\w+)"/g)].map(([, name]) => [
      name,
      `whsec_${Buffer.from(SECRET).toString('base64')}`,
    ]);
    const secrets = { environment: Object.fromEntries(names) as Record<string, string>, readFile: () => SECRET };
    expect(parseHookSources(json, secrets).length).toBeGreaterThan(0);
  },
);

describe('a secret', () => {
  const withSecret = (secret: unknown) => ({ ...entry, verify: { ...entry.verify, secret } });

  it('may stand in the environment or in a file of its own', () => {
    const secrets = { environment: { TOKEN: SECRET }, readFile: (path: string) => `${SECRET}-of-${path}\n` };
    expect(sourceOf(withSecret({ env: 'TOKEN' }), secrets).verify).toMatchObject({ secret: SECRET });
    expect(sourceOf(withSecret({ file: 'token' }), secrets).verify).toMatchObject({ secret: `${SECRET}-of-token` });
  });

  it.each([
    [{ env: 'NOT_SET' }, 'names a variable that is not set'],
    [{ env: 'EMPTY' }, 'names a variable that is not set'],
    [{ env: 'constructor' }, 'names a variable that is not set'],
    [{ file: 'missing' }, 'names a file that cannot be read'],
    ['short', 'must have 16 to 1024 characters'],
    [7, 'must be a text'],
    [{ env: 'A', file: 'b' }, 'must be a text'],
  ])('that is not there or too short is refused: %j', (secret, problem) => {
    const environment = { EMPTY: '' };
    const readFile = (): string => {
      throw new Error('no such file');
    };
    const [issue, ...others] = issuesOf(withSecret(secret), { environment, readFile });
    expect(others).toEqual([]);
    expect(issue).toMatchObject({ path: 'sources.desk.verify.secret', message: expect.stringContaining(problem) });
  });

  it('is in no message', () => {
    const { message } = refusal(JSON.stringify({ sources: { desk: { ...withSecret(SECRET), ticket: SECRET } } }));
    expect(message).not.toContain(SECRET);
  });
});

describe('a source that uses a ready mapping', () => {
  it('needs no more than its secret', () => {
    const secret = Buffer.from(SECRET).toString('base64');
    for (const uses of Object.keys(READY_MAPPINGS)) {
      expect(sourceOf({ uses, verify: { secret } }).ticket.id).toBeDefined();
    }
    expect(placesOf({ uses: 'zendesk' })).toEqual(['sources.desk.verify.secret']);
  });

  it('overrides its fields one by one', () => {
    const { verify, ticket, resolved_if, accept_if } = sourceOf({
      uses: 'zendesk',
      verify: { secret: SECRET, timestamp: { header: 'x-time' } },
      ticket: { channel: { literal: 'help centre' } },
      resolved_if: [],
    });
    expect(verify).toMatchObject({ scheme: 'hmac', encoding: 'base64', timestamp: { header: 'x-time' } });
    expect(ticket.channel).toEqual([{ literal: 'help centre' }]);
    expect(ticket.id).toHaveLength(1);
    expect([accept_if.length, resolved_if.length]).toEqual([1, 0]);
  });

  it('may be checked in another way, of which nothing is taken over', () => {
    const verify = { scheme: 'basic', user: 'alertmanager', password: SECRET };
    expect(sourceOf({ uses: 'alertmanager', verify }).verify).toEqual(verify);
  });

  it.each(['helpdesk', 'constructor', '__proto__', 7, ['zendesk']])('that does not exist is refused: %j', (uses) => {
    expect(placesOf({ ...entry, uses })).toEqual(['sources.desk.uses']);
  });
});
