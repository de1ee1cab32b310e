import type { ApiKey } from '@smart-support/config';
import * as fc from 'fast-check';
import { KeyRing } from './key-ring';

const KEYS: readonly ApiKey[] = [
  { name: 'shop', role: 'ingest', secret: 'the-secret-of-the-shop' },
  { name: 'desk', role: 'agent', secret: 'the-secret-of-the-desk' },
  { name: 'root', role: 'operator', secret: 'the-secret-of-root' },
];

describe('a key ring', () => {
  it.each(KEYS)('knows whose key it is, wherever it hangs: $name', ({ name, role, secret }) => {
    expect(new KeyRing(KEYS).holderOf(secret)).toEqual({ name, role });
  });

  it.each([
    ['nothing', ''],
    ['a name instead of a secret', 'shop'],
    ['the beginning of a secret', 'the-secret-of-the-sho'],
    ['a secret and a bit more', 'the-secret-of-the-shop '],
    ['a secret in capitals', 'THE-SECRET-OF-THE-SHOP'],
    ['two secrets', 'the-secret-of-the-shop, the-secret-of-the-desk'],
    ['a name that every object knows', '__proto__'],
    ['a megabyte', 'a'.repeat(1_000_000)],
  ])('does not know %s', (_, secret) => {
    expect(new KeyRing(KEYS).holderOf(secret)).toBeUndefined();
  });

  it('without keys knows no caller', () => {
    expect(new KeyRing([]).holderOf('')).toBeUndefined();
  });

  it('opens for exactly the secrets it was made of', () => {
    const secrets = fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 4 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(secrets, fc.string({ unit: 'binary', maxLength: 4 }), (list, guess) => {
        const ring = new KeyRing(list.map((secret, n) => ({ name: `key-${n}`, role: 'agent', secret })));
        list.forEach((secret, n) => expect(ring.holderOf(secret)?.name).toBe(`key-${n}`));
        const position = list.indexOf(guess);
        expect(ring.holderOf(guess)?.name).toBe(position < 0 ? undefined : `key-${position}`);
      }),
    );
  });

  it('shows no secret when inspected', () => {
    expect(JSON.stringify(new KeyRing(KEYS))).not.toContain('the-secret');
  });
});
