import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApiKey } from '@smart-support/config';

/** Whose key it was. */
export type KeyHolder = Pick<ApiKey, 'name' | 'role'>;

/** The keys that open the API, kept as digests only. */
export class KeyRing {
  private readonly keys: readonly { readonly holder: KeyHolder; readonly digest: Buffer }[];

  constructor(keys: readonly ApiKey[]) {
    this.keys = keys.map(({ name, role, secret }) => ({ holder: { name, role }, digest: digestOf(secret) }));
  }

  /**
   * Returns the holder of a secret. Digests are compared in constant time, and always all of them: the time taken reveals
   * neither how much of a guess was right nor the position of a key.
   */
  holderOf(secret: string): KeyHolder | undefined {
    const digest = digestOf(secret);
    let found: KeyHolder | undefined;
    for (const key of this.keys) {
      if (timingSafeEqual(key.digest, digest)) found = key.holder;
    }
    return found;
  }
}

/** Digests have one length, which the comparison needs. */
function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}
