import { isSmartSupportError } from '@smart-support/contracts';
import * as fc from 'fast-check';
import { type ApiKey, apiKeys } from './api-keys';
import { loadConfig } from './load-config';

const SECRET = '0123456789abcdef';

/** The one message about a list of keys, through the door that an operator comes in by. */
function refusalOf(list: string): string {
  try {
    loadConfig({ API_KEYS: list });
  } catch (error) {
    if (!isSmartSupportError(error, 'invalid_config')) throw error;
    expect(error.cause).toBeUndefined();
    expect(error.issues.map(({ path }) => path)).toEqual(['API_KEYS']);
    return error.issues[0]!.message;
  }
  throw new Error('the keys were accepted');
}

const secretText = fc.string({
  unit: fc.constantFrom(
    ...Array.from({ length: 94 }, (_, n) => String.fromCharCode(0x21 + n)).filter((c) => c !== ','),
  ),
  minLength: 16,
  maxLength: 40,
});
const key: fc.Arbitrary<ApiKey> = fc.record({
  name: fc.stringMatching(/^[\w.-]{1,64}$/),
  role: fc.constantFrom('ingest', 'agent', 'operator'),
  secret: secretText,
});
const keys = fc
  .uniqueArray(key, { minLength: 1, maxLength: 8, selector: ({ name }) => name })
  .filter((list) => new Set(list.map(({ secret }) => secret)).size === list.length);
const written = ({ name, role, secret }: ApiKey) => `${name}:${role}:${secret}`;

describe('a list of keys', () => {
  it('is read as it was written, with or without white space around the entries', () => {
    fc.assert(
      fc.property(keys, fc.constantFrom(',', ', ', ' ,\n  '), (list, comma) => {
        expect(apiKeys.schema.parse(list.map(written).join(comma))).toEqual(list);
      }),
    );
  });

  it('may have colons in its secrets', () => {
    expect(loadConfig({ API_KEYS: 'a:agent:0:1:2:3:4:5:6:7:8' }).access.keys?.[0]?.secret).toBe('0:1:2:3:4:5:6:7:8');
  });

  it.each([
    ['no parts', SECRET, 'entry 1: must be name:role:secret'],
    ['two parts', `shop:${SECRET}`, 'entry 1: must be name:role:secret'],
    ['nothing behind the last comma', `a:agent:${SECRET},`, 'entry 2: must be name:role:secret'],
    ['an unknown role', `a:admin:${SECRET}`, 'entry 1: the role must be one of ingest, agent, operator'],
    ['a role in capitals', `a:AGENT:${SECRET}`, 'entry 1: the role must be one of ingest, agent, operator'],
    ['a prototype for a role', `a:__proto__:${SECRET}`, 'entry 1: the role must be one of ingest, agent, operator'],
    ['no name', `:agent:${SECRET}`, 'entry 1: the name must be 1 to 64 letters, digits or . _ -'],
    ['a name of two words', `a b:agent:${SECRET}`, 'entry 1: the name must be 1 to 64 letters, digits or . _ -'],
    [
      'a short secret',
      'a:agent:0123456789abcde',
      'entry 1: the secret must be 16 to 1024 visible ASCII characters without a comma',
    ],
    [
      'a secret that no header can carry',
      `a:agent:${SECRET}ü`,
      'entry 1: the secret must be 16 to 1024 visible ASCII characters without a comma',
    ],
    ['a name twice', `a:agent:${SECRET},b:agent:${SECRET}2,a:ingest:${SECRET}3`, 'entries 1 and 3 have the same name'],
    ['a secret twice', `a:agent:${SECRET},b:operator:${SECRET}`, 'entries 1 and 2 have the same secret'],
  ])('with %s is refused, naming the entry', (_, list, message) => {
    expect(refusalOf(list)).toBe(message);
  });

  it('with several mistakes has them all named', () => {
    expect(refusalOf(`a b:boss:x, fine:agent:${SECRET}, ${SECRET}`)).toBe(
      'entry 1: the name must be 1 to 64 letters, digits or . _ -; ' +
        'entry 1: the role must be one of ingest, agent, operator; ' +
        'entry 1: the secret must be 16 to 1024 visible ASCII characters without a comma; ' +
        'entry 3: must be name:role:secret',
    );
  });

  it('with thousands of mistakes has twenty named and the rest counted', () => {
    const message = refusalOf(','.repeat(4999));
    expect(message).toContain('and 4980 more problems');
    expect(message.length).toBeLessThan(1000);
  });
});

describe('a wrong list of keys', () => {
  it('leaves no trace of what was in it: lists of other words are refused in the same sentence', () => {
    // Each way to get an entry wrong, as a function of words that must not come out again.
    const mistake = fc.constantFrom<(name: string, secret: string) => string>(
      (_name, secret) => secret,
      (name, secret) => `${name}:${secret}`,
      (name, secret) => `${secret}:${name}:agent`,
      (name, secret) => `${name}:${secret}:agent`,
      (name, secret) => `${name}:agent:${secret}\u0000`,
      (name, secret) => `${name}:agent:${secret}é,${secret}:operator:${name}`,
    );
    const word = fc.string({ unit: fc.constantFrom(...'qwzxQWZX9'), minLength: 20, maxLength: 30 });
    fc.assert(
      fc.property(fc.array(mistake, { minLength: 1, maxLength: 4 }), word, word, (mistakes, first, second) => {
        const list = (name: string, secret: string) => mistakes.map((mistaken) => mistaken(name, secret)).join(',');
        const message = refusalOf(list(first, second));
        expect(message).toBe(refusalOf(list('n'.repeat(20), 's'.repeat(20))));
        expect(message.includes(first) || message.includes(second)).toBe(false);
      }),
    );
  });

  it('never throws anything but our error, whatever the text', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.array(fc.string({ unit: 'binary', maxLength: 6 }), { minLength: 1 }).map((parts) => parts.join(':')),
      fc.array(fc.constantFrom('a', ':', ',', 'agent', SECRET, ' ', '\n'), { minLength: 1 }).map((p) => p.join('')),
    );
    fc.assert(
      fc.property(anything, (text) => {
        fc.pre(text !== '');
        const result = apiKeys.schema.safeParse(text);
        if (!result.success) refusalOf(text);
        else expect(loadConfig({ API_KEYS: text }).access.keys).toEqual(result.data);
      }),
      { numRuns: 500 },
    );
  });
});
