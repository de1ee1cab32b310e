import { isSmartSupportError } from '@smart-support/contracts';
import { trustDomainOf } from './key-domains';
import { loadConfig } from './load-config';
import { queueShareOf } from './queue-share';

const SECRETS = ['0123456789abcdef', 'fedcba9876543210', 'a-third-long-secret'];
const API_KEYS = ['web', 'app', 'desk'].map((name, index) => `${name}:ingest:${SECRETS[index]}`).join(',');

function refusalOf(API_KEY_DOMAINS: string, keys: string = API_KEYS): string {
  try {
    loadConfig({ API_KEYS: keys, API_KEY_DOMAINS });
  } catch (error) {
    if (!isSmartSupportError(error, 'invalid_config')) throw error;
    expect(error.issues.map(({ path }) => path)).toEqual(['API_KEY_DOMAINS']);
    return error.issues[0]!.message;
  }
  throw new Error('the domains were accepted');
}

describe('the trust domain of a key', () => {
  it('is the one that the setting names, else one of its own under its name', () => {
    const { keyDomains } = loadConfig({ API_KEYS, API_KEY_DOMAINS: 'web=shop, desk=' }).access;
    expect(['web', 'app', 'desk'].map((key) => trustDomainOf(key, keyDomains))).toEqual(['shop', 'app', '']);
    expect(['web', 'app'].map((key) => trustDomainOf(key))).toEqual(['web', 'app']);
    expect(Object.isFrozen(keyDomains)).toBe(true);
  });

  it('may be that which another key has by its name', () => {
    const { keyDomains } = loadConfig({ API_KEYS, API_KEY_DOMAINS: 'app=web' }).access;
    expect(['web', 'app'].map((key) => trustDomainOf(key, keyDomains))).toEqual(['web', 'web']);
  });

  it.each([
    ['no domain', 'web', 'entry 1: must be key=domain, each at most 64 letters, digits or . _ -'],
    ['no key', 'web=shop,=shop', 'entry 2: must be key=domain, each at most 64 letters, digits or . _ -'],
    ['a domain that could be taken for a part of an id', 'web=a~b', 'entry 1: must be key=domain'],
    ['a domain of two words', 'web=a b', 'entry 1: must be key=domain'],
    ['nothing behind the last comma', 'web=shop,', 'entry 2: must be key=domain'],
    ['an endless domain', `web=${'d'.repeat(65)}`, 'entry 1: must be key=domain'],
    ['a key twice', 'web=shop,app=,web=desk', 'entries 1 and 3 have the same key'],
    ['a key that is none', 'web=shop,wbe=shop', 'entry 2: API_KEYS has no such key'],
  ])('cannot be read from a list with %s', (_what, list, message) => {
    expect(refusalOf(list)).toContain(message);
  });

  it('needs keys', () => {
    expect(refusalOf('web=shop', '')).toBe('entry 1: API_KEYS has no such key');
  });

  it('never shows what may be a secret by mistake', () => {
    for (const list of [`web=${SECRETS[0]}!`, `${SECRETS[0]}=web`, API_KEYS]) {
      expect(refusalOf(list)).not.toContain(SECRETS[0]);
    }
  });
});

describe('the share of the queue that one trust domain may fill', () => {
  const shareFor = (env: Record<string, string>, hookDomains?: readonly string[]) =>
    queueShareOf(loadConfig(env), hookDomains);
  const key = (name: string, role: string, index: number) => `${name}:${role}:${SECRETS[index]}`;

  it('is all of it for one domain, or without keys, and one half if several may send tickets', () => {
    expect(shareFor({})).toBe(1);
    expect(shareFor({ API_KEYS })).toBe(0.5);
    expect(shareFor({ API_KEYS, API_KEY_DOMAINS: 'web=shop,app=shop,desk=shop' })).toBe(1);
    const oneSender = [key('web', 'ingest', 0), key('desk', 'agent', 1)].join(',');
    expect(shareFor({ API_KEYS: oneSender })).toBe(1);
    expect(shareFor({ API_KEYS: `${oneSender},${key('me', 'operator', 2)}` })).toBe(0.5);
  });

  it('is one half if webhooks of other products come beside other tickets', () => {
    const API_KEYS = key('web', 'ingest', 0);
    expect(shareFor({ API_KEYS }, ['hooks.desk'])).toBe(0.5);
    expect(shareFor({ API_KEYS }, ['web'])).toBe(1);
    expect(shareFor({}, ['hooks.desk'])).toBe(0.5);
    expect(shareFor({}, [''])).toBe(1);
  });

  it('is what the setting says', () => {
    expect(shareFor({ API_KEYS, KEY_QUEUE_SHARE: '0.2' })).toBe(0.2);
    expect(() => loadConfig({ KEY_QUEUE_SHARE: '0' })).toThrow('KEY_QUEUE_SHARE');
  });
});
