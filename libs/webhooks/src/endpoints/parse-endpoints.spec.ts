import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSmartSupportError, type SecretSources } from '@smart-support/contracts';
import * as fc from 'fast-check';
import { parseWebhookEndpoints } from './parse-endpoints';

const SECRET = Buffer.alloc(32, 7).toString('base64');
const OTHER = `whsec_${Buffer.alloc(24, 8).toString('base64')}`;
const desk = { id: 'desk', url: 'https://desk.example/hooks/t0ken' };

const parse = (endpoints: unknown, secrets?: SecretSources) =>
  parseWebhookEndpoints(JSON.stringify({ endpoints }), secrets);

function refusal(json: string, secrets?: SecretSources) {
  try {
    parseWebhookEndpoints(json, secrets);
  } catch (error) {
    if (isSmartSupportError(error, 'invalid_config')) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}
const issuesOf = (endpoints: unknown, secrets?: SecretSources) =>
  refusal(JSON.stringify({ endpoints }), secrets).issues;
const placesOf = (endpoints: unknown) => issuesOf(endpoints).map(({ path }) => path);

describe('a file of endpoints', () => {
  it('gives its endpoints in their order, each with its defaults', () => {
    const chat = { id: 'chat', url: 'http://chat.example', types: ['incident.opened'], filter: { min_urgency: 0.5 } };
    expect(parse([desk, chat])).toEqual([
      { ...desk, secrets: [], paused: false, https_only: false },
      { ...chat, secrets: [], paused: false, https_only: false },
    ]);
    expect(parse([])).toEqual([]);
  });

  it.each(['', '{', `{"endpoints": ${SECRET}}`])('that is no JSON is refused and not quoted: %j', (json) => {
    const { message, issues } = refusal(json);
    expect(issues).toEqual([{ path: '', message: 'is not JSON' }]);
    expect(message).not.toContain(SECRET);
  });

  it.each(['null', '7', '[]', '{}', '{"endpoints": {}}', '{"endpoints": [], "more": 1}'])(
    'in another form is refused: %s',
    (json) => {
      expect(refusal(json).issues).toHaveLength(1);
    },
  );

  it('is refused with everything that is wrong in it, each with its place', () => {
    const places = placesOf([
      desk,
      { ...desk, url: 'ftp://desk.example' },
      { id: 'a b', url: 'http://ada:hunter2@desk.example', secrets: ['short', { env: 'NOT_SET' }], more: 1 },
      { id: 'shop', url: 'http://shop.example', https_only: true, types: ['ticket.closed'], filter: { agent: [] } },
      null,
      'desk',
    ]);
    expect(places.sort()).toEqual([
      'endpoints.1.id',
      'endpoints.1.url',
      'endpoints.2',
      'endpoints.2.id',
      'endpoints.2.secrets.0',
      'endpoints.2.secrets.1',
      'endpoints.2.url',
      'endpoints.3.filter.agent',
      'endpoints.3.types.0',
      'endpoints.3.url',
      'endpoints.4',
      'endpoints.5',
    ]);
  });

  it('has each id once', () => {
    expect(issuesOf([desk, { ...desk, id: 'other' }, desk, desk])).toEqual([
      { path: 'endpoints.2.id', message: 'is the id of another endpoint' },
      { path: 'endpoints.3.id', message: 'is the id of another endpoint' },
    ]);
  });

  it('has at most 100 endpoints', () => {
    const some = (count: number) => Array.from({ length: count }, (_, index) => ({ ...desk, id: `e${index}` }));
    expect(parse(some(100))).toHaveLength(100);
    expect(placesOf(some(101))).toEqual(['endpoints']);
  });

  it('is refused or read, whatever it says, and no message has a secret or a URL of it', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom<unknown>(SECRET, [SECRET], [{ env: 'X' }], 'http://x', 'desk'),
    );
    const field = fc.constantFrom('id', 'url', 'types', 'filter', 'secrets', 'paused', '__proto__', 'constructor');
    fc.assert(
      fc.property(fc.array(fc.oneof(value, fc.dictionary(field, value))), (endpoints) => {
        try {
          parse(endpoints);
        } catch (error) {
          expect(isSmartSupportError(error, 'invalid_config')).toBe(true);
          expect((error as Error).message).not.toContain(SECRET);
        }
      }),
    );
  });

  it('that docs/webhooks.md shows can be used as it is', () => {
    const page = readFileSync(join(__dirname, '../../../../docs/webhooks.md'), 'utf8');
    const [, json = ''] = /```json\n([^`]*"endpoints"[^`]*)```/.exec(page) ?? [];
    const names = [...json.matchAll(/"env": "(\w+)"/g)].map(([, name = '']) => [name, SECRET] as const);
    const secrets = {
      environment: Object.fromEntries(names),
      readFile: (path: string) => (path.endsWith('old') ? OTHER : SECRET),
    };
    expect(parseWebhookEndpoints(json, secrets).length).toBeGreaterThan(1);
  });
});

describe('a secret of an endpoint', () => {
  const withSecrets = (...secrets: unknown[]) => [{ ...desk, secrets }];

  it('may stand in the file, in the environment or in a file of its own', () => {
    const sources = { environment: { OLD: OTHER }, readFile: (path: string) => (path === 'new' ? `${SECRET}\n` : '') };
    expect(parse(withSecrets(SECRET))[0]?.secrets).toEqual([SECRET]);
    expect(parse(withSecrets({ file: 'new' }, { env: 'OLD' }), sources)[0]?.secrets).toEqual([SECRET, OTHER]);
  });

  it.each([
    [{ env: 'NOT_SET' }, 'names a variable that is not set'],
    [{ env: 'WEAK' }, 'must be base64 of 24 to 64 bytes'],
    [{ file: 'missing' }, 'names a file that cannot be read'],
    ['correct horse battery staple', 'must be base64 of 24 to 64 bytes'],
    [7, 'must be a text'],
  ])('that is not there or too weak is refused, and not quoted: %j', (secret, problem) => {
    const [issue, ...others] = issuesOf(withSecrets(secret), { environment: { WEAK: 'correct horse battery staple' } });
    expect(others).toEqual([]);
    expect(issue).toEqual({ path: 'endpoints.0.secrets.0', message: expect.stringContaining(problem) });
    expect(issue?.message).not.toContain('horse');
  });

  it('that is the other one once more is refused, wherever the two come from', () => {
    const sources = { environment: { OLD: `whsec_${SECRET}` } };
    expect(issuesOf(withSecrets(SECRET, { env: 'OLD' }), sources)).toMatchObject([{ path: 'endpoints.0.secrets' }]);
  });
});
