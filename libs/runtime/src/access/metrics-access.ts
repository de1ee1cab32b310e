import type { IncomingMessage } from 'node:http';
import type { ApiKey } from '@smart-support/config';
import { KeyRing } from './key-ring';
import { sentKeys } from './sent-keys';

/** The status by which a request is refused; `undefined` if it is answered. */
type Refusal = 401 | 403 | undefined;

/**
 * Who may read the metrics of a process that has no other calls that keys open: holders of an operator's key, as at the gateway; every caller where there are
 * no keys.
 */
export function metricsAccess(keys: readonly ApiKey[] | undefined): (request: IncomingMessage) => Refusal {
  if (keys === undefined) return () => undefined;
  const ring = new KeyRing(keys);
  return (request) => {
    const [secret, ...more] = sentKeys(request);
    const holder = secret === undefined || more.length > 0 ? undefined : ring.holderOf(secret);
    if (holder === undefined) return 401;
    return holder.role === 'operator' ? undefined : 403;
  };
}
